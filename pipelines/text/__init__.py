"""The text side: pages become articles with language, entities, times, figures and claims."""
