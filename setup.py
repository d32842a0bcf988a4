"""Packages and data files; the metadata is in pyproject.toml. Also Beam's `--setup_file` for remote workers."""

from setuptools import find_packages, setup

setup(
    py_modules=["newsclaims"],
    packages=find_packages(
        include=[
            f"{name}{end}"
            for name in ("pipelines", "connectors", "schemas", "dashboards", "deploy")
            for end in ("", ".*")
        ]
    ),
    package_data={
        "connectors": ["CONNECTORS.md", "kit/templates/*.template"],
        "dashboards": [
            "*.md",
            "kibana/*.md",
            "generated/*/*.yaml",
            "generated/*/*/*.json",
            "generated/*/*/*/*.yaml",
            "generated/kibana/*.ndjson",
            "report/page/*.html",
            "report/page/*.css",
            "report/page/*.js",
        ],
        "schemas": ["topics/*.yaml", "times/*.yaml", "examples/*/*.json", "generated/*/*.json"],
        "deploy": [
            "capacity/*.yaml",
            "config/*.yaml",
            "containers/Dockerfile",
            "containers/compose.env.example",
            "containers/compose.yaml",
            "flink/*.json",
            "flink/*.properties",
            "flink/*.xml",
            "flink/*.yaml",
            "kubernetes/*/*.yaml",
            "kubernetes/*/*/*.yaml",
            "kubernetes/*/*/*/*.yaml",
            "local/*.json",
            "local/*.xml",
            "local/*.properties",
            "local/*.yml",
            "security/roles/*.yaml",
            "demo/articles/*/*.html",
            "demo/articles/*/*.txt",
        ],
        "pipelines": [
            "grouping/*/tables/*.yaml",
            "text/*/tables/*.yaml",
            "text/*/tables/*.txt",
            "text/*/*/tables/*.yaml",
            "text/*/*/*.npz",
            "text/*/*/MODEL_CARD.md",
        ],
    },
)
