"""The dashboard: who claims what, with which figures; its charts, its layout and its controls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards.kibana import lens
from dashboards.kibana.lens import LensChart
from dashboards.kibana.objects import Kind, Reference, SavedObject, build_reference, build_saved_object, pack_json
from dashboards.kibana.saved_searches import LATEST, SINCE

CLAIMANT: Final = "claimant_name"
"""In claims and in figures: a click on a claimant in one panel narrows all."""

NUMBERS: Final = (
    LensChart(
        name="claims", title="Claims", about="Claims in the chosen time.", index="claims", kind="lnsMetric",
        columns={"claims": lens.count_column("Claims")}, visualization=lens.show_number("claims"),
    ),
    LensChart(
        name="assertions", title="Distinct claims", about="Claims that say the same counted once.", index="claims",
        kind="lnsMetric", columns={"assertions": lens.metric_column("Distinct claims", "unique_count", "assertion_id")},
        visualization=lens.show_number("assertions"),
    ),
    LensChart(
        name="claimants", title="Claimants", about="Different claimants, by name.", index="claims", kind="lnsMetric",
        columns={"claimants": lens.metric_column("Claimants", "unique_count", CLAIMANT)},
        visualization=lens.show_number("claimants"),
    ),
    LensChart(
        name="articles", title="Articles with claims", about="Articles that the claims were made in.", index="claims",
        kind="lnsMetric", columns={"articles": lens.metric_column("Articles", "unique_count", "article_id")},
        visualization=lens.show_number("articles"),
    ),
)  # fmt: skip

CHARTS: Final = (
    LensChart(
        name="claims-over-time", title="Claims over time, by status", index="claims", kind="lnsXY",
        about="By the time of publication. The last bar is not over yet.",
        columns={
            "status": lens.values_column("Status", "status", 8, "claims"),
            "time": lens.time_column("Published", "published_at"),
            "claims": lens.count_column("Claims"),
        },
        visualization=lens.show_bars("time", "claims", "status"),
    ),
    LensChart(
        name="statuses", title="How sure", index="claims", kind="lnsXY", about="Claims by status.",
        columns={"status": lens.values_column("Status", "status", 8, "claims"), "claims": lens.count_column("Claims")},
        visualization=lens.show_bars("status", "claims", lying=True),
    ),
    LensChart(
        name="top-claimants", title="Who claims most", index="claims", kind="lnsXY",
        about="The fifteen claimants with the most claims.",
        columns={
            "claimant": lens.values_column("Claimant", CLAIMANT, 15, "claims"),
            "claims": lens.count_column("Claims"),
        },
        visualization=lens.show_bars("claimant", "claims", lying=True),
    ),
    LensChart(
        name="figures", title="Which figures, by whom", index="figures", kind="lnsDatatable",
        about="For each class of unit the claimants with the most figures; lowest, middle and highest value. Figures "
        "without a claimant and vague ones (dozens, thousands) are left out.",
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
        about="Claims that say the same, told as more than one of confirmed, denied and unconfirmed, come first. "
        "A click on one leads to all its appearances.",
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
    """A place on the dashboard, in its grid of 48 columns, for another of our objects.

    `title` stands above it; a number says itself what it is.
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
        """What the dashboard calls it."""
        return self.target.removeprefix("lens-")


CHART_POSITIONS: Final = {
    "claims-over-time": (0, 6, 34, 14),
    "statuses": (34, 6, 14, 14),
    "top-claimants": (0, 20, 20, 18),
    "figures": (20, 20, 28, 18),
    "status-changes": (0, 38, 48, 14),
}
"""Left, top, width and height of each chart."""
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
"""Name, title and field: each of these fields is in claims and in figures, so a choice narrows all panels."""


def build_charts() -> list[SavedObject]:
    """All charts."""
    return [lens.build_chart(each) for each in (*NUMBERS, *CHARTS)]


def build_dashboard() -> SavedObject:
    """The dashboard, with references to its charts and its saved search."""
    attributes = {
        "title": "newsclaims: Claims",
        "description": "Who claims what, how sure, with which figures; and what changed its status.",
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
            "searchSourceJSON": pack_json({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
    }
    return build_saved_object("dashboard", "claims", attributes, [*_panel_references(PANELS), *_control_references()])


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
    """The row of selections above the panels; a choice in one narrows what the next ones offer."""
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
