"""The dashboard Claims: its charts, its layout and its controls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards.kibana import lens
from dashboards.kibana.lens import LensChart
from dashboards.kibana.objects import (
    Kind,
    Reference,
    SavedObject,
    build_marked_filter,
    build_reference,
    build_saved_object,
    pack_json,
    refer_to_marked_filter,
)
from dashboards.kibana.saved_searches import LATEST, SINCE

CLAIMANT: Final = "claimant_name"
"""A field of both claims and figures, so that a click on a claimant in one panel filters all."""

NUMBERS: Final = (
    LensChart(
        name="claims", title="Claims", about="Claims in the selected time range.", index="claims", kind="lnsMetric",
        columns={"claims": lens.count_column("Claims")}, visualization=lens.show_number("claims"),
    ),
    LensChart(
        name="assertions", title="Distinct claims", about="Claims that say the same count once.", index="claims",
        kind="lnsMetric", columns={"assertions": lens.metric_column("Distinct claims", "unique_count", "assertion_id")},
        visualization=lens.show_number("assertions"),
    ),
    LensChart(
        name="claimants", title="Claimants", about="Distinct claimants, by name.", index="claims", kind="lnsMetric",
        columns={"claimants": lens.metric_column("Claimants", "unique_count", CLAIMANT)},
        visualization=lens.show_number("claimants"),
    ),
    LensChart(
        name="articles", title="Articles with claims", about="Distinct articles with these claims.", index="claims",
        kind="lnsMetric", columns={"articles": lens.metric_column("Articles", "unique_count", "article_id")},
        visualization=lens.show_number("articles"),
    ),
)  # fmt: skip

CHARTS: Final = (
    LensChart(
        name="claims-over-time", title="Claims over time, by status", index="claims", kind="lnsXY",
        about="By time of publication. The last bar is incomplete.",
        columns={
            "status": lens.values_column("Status", "status", 8, "claims"),
            "time": lens.time_column("Published", "published_at"),
            "claims": lens.count_column("Claims"),
        },
        visualization=lens.show_bars("time", "claims", "status"),
    ),
    LensChart(
        name="statuses", title="Statuses", index="claims", kind="lnsXY", about="Claims by status.",
        columns={"status": lens.values_column("Status", "status", 8, "claims"), "claims": lens.count_column("Claims")},
        visualization=lens.show_bars("status", "claims", horizontal=True),
    ),
    LensChart(
        name="top-claimants", title="Top claimants", index="claims", kind="lnsXY",
        about="The fifteen claimants with the most claims.",
        columns={
            "claimant": lens.values_column("Claimant", CLAIMANT, 15, "claims"),
            "claims": lens.count_column("Claims"),
        },
        visualization=lens.show_bars("claimant", "claims", horizontal=True),
    ),
    LensChart(
        name="figures", title="Figures by claimant", index="figures", kind="lnsDatatable",
        about="The claimants with the most figures in each unit class, with their lowest, median and highest values. "
        "Figures without a claimant and vague ones (dozens, thousands) are left out.",
        kql="claimant : * and not modifier : vague",
        columns={
            "unit_class": lens.values_column("Unit class", "unit_class", 12, "figures"),
            "claimant": lens.values_column("Claimant", CLAIMANT, 10, "figures"),
            "figures": lens.count_column("Figures"),
            "lowest": lens.metric_column("Lowest", "min", "value"),
            "middle": lens.metric_column("Median", "median", "value"),
            "highest": lens.metric_column("Highest", "max", "value"),
            "last": lens.date_column("Last", "published_at", "max"),
        },
        visualization=lens.show_table(
            {"unit_class": 150, "claimant": 0, "figures": 80, "lowest": 90, "middle": 90, "highest": 90, "last": 140},
            "figures",
        ),
    ),
    LensChart(
        name="status-changes", title="Claims whose status changed", index="claims", kind="lnsDatatable",
        about="Assertions that appeared with more than one of the statuses confirmed, denied and unconfirmed come "
        "first. Click one to see all its appearances.",
        kql="status : (confirmed or denied or unconfirmed)",
        columns={
            "assertion": lens.values_column("Assertion", "assertion_id", 25, "statuses"),
            "statuses": lens.metric_column("Statuses", "unique_count", "status"),
            "claims": lens.count_column("Claims"),
            "publishers": lens.metric_column("Publishers", "unique_count", "publisher"),
            "first": lens.date_column("First", "published_at", "min"),
            "last": lens.date_column("Last", "published_at", "max"),
            "status": lens.latest_column("Status now", "status", "published_at"),
            "title": lens.latest_column("Last article", "title.keyword", "published_at"),
        },
        visualization=lens.show_table(
            {"assertion": 210, "statuses": 80, "claims": 80, "publishers": 90, "first": 140, "last": 140,
             "status": 110, "title": 0},
            "statuses",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DashboardPanel:
    """The position of one of our objects on the dashboard, in its grid of 48 columns.

    `title` is shown above it; a number shows its own title.
    """

    kind: Kind
    target: str
    title: str
    x: int
    y: int
    width: int
    height: int

    @property
    def name(self) -> str:
        """Its name in the dashboard."""
        return self.target.removeprefix("lens-")


CHART_POSITIONS: Final = {
    "claims-over-time": (0, 6, 34, 14),
    "statuses": (34, 6, 14, 14),
    "top-claimants": (0, 20, 20, 18),
    "figures": (20, 20, 28, 18),
    "status-changes": (0, 38, 48, 14),
}
"""Left, top, width and height of each chart, in grid units."""
PANELS: Final = (
    *(DashboardPanel("lens", f"lens-{each.name}", "", 12 * place, 0, 12, 6) for place, each in enumerate(NUMBERS)),
    *(DashboardPanel("lens", f"lens-{each.name}", each.title, *CHART_POSITIONS[each.name]) for each in CHARTS),
    DashboardPanel("search", LATEST, "Newest claims", 0, 52, 48, 22),
)
CONTROLS: Final = (
    ("watch", "Watch", "watches"),
    ("claimant", "Claimant", CLAIMANT),
    ("status", "Status", "status"),
    ("unit-class", "Unit class", "unit_class"),
)
"""Name, title and field. Both claims and figures have these fields, so that a selection filters all panels."""


def build_charts() -> list[SavedObject]:
    """Returns all charts."""
    return [lens.build_chart(each) for each in (*NUMBERS, *CHARTS)]


def build_dashboard() -> SavedObject:
    """Returns the dashboard, with references to its charts and its saved search."""
    attributes = {
        "title": "newsclaims: Claims",
        "description": "Who claims what, with which status and figures; and which claims changed their status.",
        "timeRestore": True,
        "timeFrom": SINCE["from"],
        "timeTo": SINCE["to"],
        "refreshInterval": {"pause": True, "value": 60_000},
        "controlGroupInput": build_control_group(),
        "panelsJSON": pack_json([_build_panel(panel) for panel in PANELS]),
        "optionsJSON": pack_json(
            {"useMargins": True, "syncColors": True, "syncCursor": True, "hidePanelTitles": False}
        ),
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": pack_json(
                {"query": {"query": "", "language": "kuery"}, "filter": [build_marked_filter()]}
            )
        },
    }
    references = [*_panel_references(PANELS), *_control_references(), refer_to_marked_filter("claims")]
    return build_saved_object("dashboard", "claims", attributes, references)


def _build_panel(panel: DashboardPanel) -> dict[str, Any]:
    grid = {"x": panel.x, "y": panel.y, "w": panel.width, "h": panel.height, "i": panel.name}
    return {
        "version": "8.8.0",
        "type": panel.kind,
        "gridData": grid,
        "panelIndex": panel.name,
        "title": panel.title,
        "embeddableConfig": {"enhancements": {}, "hidePanelTitles": not panel.title},
        "panelRefName": f"panel_{panel.name}",
    }


def _panel_references(panels: Sequence[DashboardPanel]) -> list[Reference]:
    return [build_reference(f"{panel.name}:panel_{panel.name}", panel.kind, panel.target) for panel in panels]


def build_control_group() -> dict[str, Any]:
    """Returns the controls above the panels; a selection in one filters the options of the next."""
    controls = {
        name: {
            "order": order,
            "width": "medium",
            "grow": True,
            "type": "optionsListControl",
            "explicitInput": {"id": name, "fieldName": source, "title": title, "enhancements": {}},
        }
        for order, (name, title, source) in enumerate(CONTROLS)
    }
    ignored = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
    return {
        "controlStyle": "oneLine",
        "chainingSystem": "HIERARCHICAL",
        "panelsJSON": pack_json(controls),
        "ignoreParentSettingsJSON": pack_json(ignored),
    }


def _control_references() -> list[Reference]:
    return [
        build_reference(f"controlGroup_{name}:optionsListDataView", "index-pattern", "claims")
        for name, _, _ in CONTROLS
    ]
