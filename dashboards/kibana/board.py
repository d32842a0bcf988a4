"""The dashboard: who claims what, with which figures; its charts, its layout and its controls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards.kibana import lens
from dashboards.kibana.lens import Chart
from dashboards.kibana.objects import Kind, Reference, SavedObject, packed, reference, saved_object
from dashboards.kibana.saved_searches import LATEST, SINCE

CLAIMANT: Final = "claimant_name"
"""In claims and in figures: a click on a claimant in one panel narrows all."""

NUMBERS: Final = (
    Chart(
        name="claims", title="Claims", about="Claims in the chosen time.", index="claims", kind="lnsMetric",
        columns={"claims": lens.count("Claims")}, visualization=lens.metric("claims"),
    ),
    Chart(
        name="assertions", title="Distinct claims", about="Claims that say the same counted once.", index="claims",
        kind="lnsMetric", columns={"assertions": lens.reduced("Distinct claims", "unique_count", "assertion_id")},
        visualization=lens.metric("assertions"),
    ),
    Chart(
        name="claimants", title="Claimants", about="Different claimants, by name.", index="claims", kind="lnsMetric",
        columns={"claimants": lens.reduced("Claimants", "unique_count", CLAIMANT)},
        visualization=lens.metric("claimants"),
    ),
    Chart(
        name="articles", title="Articles with claims", about="Articles that the claims were made in.", index="claims",
        kind="lnsMetric", columns={"articles": lens.reduced("Articles", "unique_count", "article_id")},
        visualization=lens.metric("articles"),
    ),
)  # fmt: skip

CHARTS: Final = (
    Chart(
        name="claims-over-time", title="Claims over time, by status", index="claims", kind="lnsXY",
        about="By the time of publication. The last bar is not over yet.",
        columns={
            "status": lens.values("Status", "status", 8, "claims"),
            "time": lens.over_time("Published", "published_at"),
            "claims": lens.count("Claims"),
        },
        visualization=lens.bars("time", "claims", "status"),
    ),
    Chart(
        name="statuses", title="How sure", index="claims", kind="lnsXY", about="Claims by status.",
        columns={"status": lens.values("Status", "status", 8, "claims"), "claims": lens.count("Claims")},
        visualization=lens.bars("status", "claims", lying=True),
    ),
    Chart(
        name="top-claimants", title="Who claims most", index="claims", kind="lnsXY",
        about="The fifteen claimants with the most claims.",
        columns={"claimant": lens.values("Claimant", CLAIMANT, 15, "claims"), "claims": lens.count("Claims")},
        visualization=lens.bars("claimant", "claims", lying=True),
    ),
    Chart(
        name="figures", title="Which figures, by whom", index="figures", kind="lnsDatatable",
        about="For each class of unit the claimants with the most figures; lowest, middle and highest value. Figures "
        "without a claimant and vague ones (dozens, thousands) are left out.",
        kql="claimant : * and not modifier : vague",
        columns={
            "unit_class": lens.values("Unit class", "unit_class", 12, "figures"),
            "claimant": lens.values("Claimant", CLAIMANT, 10, "figures"),
            "figures": lens.count("Figures"),
            "lowest": lens.reduced("Lowest", "min", "value"),
            "middle": lens.reduced("Median", "median", "value"),
            "highest": lens.reduced("Highest", "max", "value"),
            "last": lens.moment("Last", "published_at", "max"),
        },
        visualization=lens.table(
            {"unit_class": 150, "claimant": 0, "figures": 80, "lowest": 90, "middle": 90, "highest": 90, "last": 140},
            "figures",
        ),
    ),
    Chart(
        name="status-changes", title="Claims whose status changed", index="claims", kind="lnsDatatable",
        about="Claims that say the same, told as more than one of confirmed, denied and unconfirmed, come first. "
        "A click on one leads to all its appearances.",
        kql="status : (confirmed or denied or unconfirmed)",
        columns={
            "assertion": lens.values("Assertion", "assertion_id", 25, "statuses"),
            "statuses": lens.reduced("Statuses", "unique_count", "status"),
            "claims": lens.count("Claims"),
            "publishers": lens.reduced("Publishers", "unique_count", "publisher"),
            "first": lens.moment("First", "published_at", "min"),
            "last": lens.moment("Last", "published_at", "max"),
            "status": lens.latest("Status now", "status", "published_at"),
            "title": lens.latest("Last article", "title.keyword", "published_at"),
        },
        visualization=lens.table(
            {"assertion": 210, "statuses": 80, "claims": 80, "publishers": 90, "first": 140, "last": 140,
             "status": 110, "title": 0},
            "statuses",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Panel:
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


PLACES: Final = {
    "claims-over-time": (0, 6, 34, 14),
    "statuses": (34, 6, 14, 14),
    "top-claimants": (0, 20, 20, 18),
    "figures": (20, 20, 28, 18),
    "status-changes": (0, 38, 48, 14),
}
"""Left, top, width and height of each chart."""
PANELS: Final = (
    *(Panel("lens", f"lens-{each.name}", "", 12 * place, 0, 12, 6) for place, each in enumerate(NUMBERS)),
    *(Panel("lens", f"lens-{each.name}", each.title, *PLACES[each.name]) for each in CHARTS),
    Panel("search", LATEST, "Newest claims", 0, 52, 48, 22),
)
CONTROLS: Final = (
    ("watch", "Watch", "watches"),
    ("claimant", "Claimant", CLAIMANT),
    ("status", "Status", "status"),
    ("unit-class", "Unit class", "unit_class"),
)
"""Name, title and field: each of these fields is in claims and in figures, so a choice narrows all panels."""


def charts() -> list[SavedObject]:
    """All charts."""
    return [lens.chart(each) for each in (*NUMBERS, *CHARTS)]


def dashboard() -> SavedObject:
    """The dashboard, with references to its charts and its saved search."""
    attributes = {
        "title": "newsclaims: Claims",
        "description": "Who claims what, how sure, with which figures; and what changed its status.",
        "timeRestore": True,
        "timeFrom": SINCE["from"],
        "timeTo": SINCE["to"],
        "refreshInterval": {"pause": True, "value": 60_000},
        "controlGroupInput": control_group(),
        "panelsJSON": packed([_placed(panel) for panel in PANELS]),
        "optionsJSON": packed({"useMargins": True, "syncColors": True, "syncCursor": True, "hidePanelTitles": False}),
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": packed({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
    }
    return saved_object("dashboard", "claims", attributes, [*_panel_references(PANELS), *_control_references()])


def _placed(panel: Panel) -> dict[str, Any]:
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


def _panel_references(panels: Sequence[Panel]) -> list[Reference]:
    return [reference(f"{panel.name}:panel_{panel.name}", panel.kind, panel.target) for panel in panels]


def control_group() -> dict[str, Any]:
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
        "panelsJSON": packed(controls),
        "ignoreParentSettingsJSON": packed(ignored),
    }


def _control_references() -> list[Reference]:
    return [reference(f"controlGroup_{name}:optionsListDataView", "index-pattern", "claims") for name, _, _ in CONTROLS]
