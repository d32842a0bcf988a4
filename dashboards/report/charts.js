// Charts, their legends and tiles. A chart is made once; a new selection gives it other rows.

/** What each panel keeps while the page is open: its view, what is hidden, how its tables are sorted. */
const kept = new Map();

function keptOf(id) {
  if (!kept.has(id)) kept.set(id, {hidden: new Set(), sorted: {}, numbers: {}});
  return kept.get(id);
}

/** Draws the rows; the chart is made anew only where its specification has changed. */
async function drawChart(panel, rows) {
  const mine = keptOf(panel.id), place = document.querySelector(`#${panel.id} .chart`);
  const specification = JSON.stringify(panel.chart);
  place.hidden = !rows.length;
  if (!rows.length) return;
  const height = panel.step ? panel.step * new Set(rows.map((row) => row.rank)).size : panel.chart.height;
  if (mine.view && mine.specification === specification) {
    await mine.view.data("rows", rows).height(height).resize().runAsync();
    return;
  }
  if (mine.made) mine.made.finalize();
  mine.specification = specification;
  // `ast`: expressions are interpreted, so that the page needs no right to evaluate text as code.
  mine.made = await vegaEmbed(place, {...panel.chart, config: data.configuration, height, datasets: {rows}},
    {actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: {disableDefaultStyle: true}});
  mine.view = mine.made.view;
}

/** The colour of each series that the rows have: its own, or where another has that already, a free one. */
function coloursOf(panel, rows) {
  const found = new Map();
  for (const rank of [...new Set(rows.map((row) => row.rank))].sort((a, b) => a - b)) {
    const taken = new Set(found.values()), own = panel.colours[rank];
    found.set(rank, panel.own && taken.has(own) ? data.palette.find((colour) => !taken.has(colour)) || own : own);
  }
  return found;
}

/** The series that the rows have, as buttons which hide and show them. */
function drawLegend(panel, colours, again) {
  const mine = keptOf(panel.id), place = document.querySelector(`#${panel.id} .legend`), present = [...colours.keys()];
  if (!panel.legend || panel.series.length < 2) {
    place.replaceChildren();
    return;
  }
  place.replaceChildren(...present.map((rank) => {
    const name = panel.series[rank], dot = element("i");
    dot.style.setProperty("--colour", colours.get(rank));
    const button = element("button", {type: "button", title: name, "aria-pressed": String(!mine.hidden.has(name))}, dot, element("span", {}, name));
    button.addEventListener("click", () => {
      if (!mine.hidden.delete(name)) mine.hidden.add(name);
      again();
      place.children[present.indexOf(rank)].firstChild.focus();
    });
    return element("li", {}, button);
  }));
}

/** The number of a tile, or several with their names. */
function drawTile(panel, key) {
  const place = document.querySelector(`#${panel.id} .value`);
  const numbers = panel.numbers[key] || [{series: "", value: panel.zero && panel.counts ? 0 : null}];
  place.classList.toggle("several", numbers.length > 1);
  place.replaceChildren(...numbers.map((number) => {
    const text = number.words || written(number.value, panel.unit, true);
    return element("span", {class: number.level ? `level-${number.level}` : null, title: written(number.value, panel.unit)}, text,
      ...(number.series ? [element("small", {}, number.series)] : []));
  }));
}

/** The columns of the numbers behind a chart. */
function numberColumns(panel) {
  const names = {label: "When", series: "What", value: "Value", low: "Lowest bound", high: "Highest bound"};
  const had = ["label", "series", "value", "low", "high"].filter((name) => panel.columns.includes(name === "label" ? "time" : name));
  return had.map((name) => ({source: name, title: names[name], unit: name === "label" || name === "series" ? "string" : panel.unit, width: 60}));
}
