"""What Kibana shows: data views, saved searches and a dashboard, as saved objects that one file imports."""
