"""Everything that shows what was found: boards, alert rules, searches, the report, exports, terminal views."""
