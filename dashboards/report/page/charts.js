// Charts, their legends and tiles. A chart is built once; a new selection only replaces its rows.

/** The state of each panel while the page is open: its view, hidden series, and the order of its tables. */
const panelStates = new Map();

function panelState(id) {
  if (!panelStates.has(id)) panelStates.set(id, {hidden: new Set(), sorted: {}, numbers: {}});
  return panelStates.get(id);
}

/** Draws the rows. The chart is rebuilt only if its specification has changed. */
async function drawChart(panel, rows) {
  const state = panelState(panel.id), place = document.querySelector(`#${panel.id} .chart`);
  const specification = JSON.stringify(panel.chart);
  place.hidden = !rows.length;
  if (!rows.length) return;
  const height = panel.step ? panel.step * new Set(rows.map((row) => row.rank)).size : panel.chart.height;
  if (state.view && state.specification === specification) {
    await state.view.data("rows", rows).height(height).resize().runAsync();
    return;
  }
  if (state.made) state.made.finalize();
  state.specification = specification;
  // `ast` interprets expressions, so that the page needs no permission to evaluate text as code.
  state.made = await vegaEmbed(place, {...panel.chart, config: data.configuration, height, datasets: {rows}},
    {actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: {disableDefaultStyle: true}});
  state.view = state.made.view;
}

/** The colours of series by kind and name, so that a series has the same colour in every panel. */
const seriesColours = new Map();

/** Returns the colour of each series in the rows, by rank: its colour in other panels, unless it is taken here. */
function assignColours(panel, rows) {
  const ranks = [...new Set(rows.map((row) => row.rank))].sort((a, b) => a - b);
  if (panel.by === null) return new Map(ranks.map((rank) => [rank, panel.colours[rank]]));
  const name = (rank) => `${panel.by}/${panel.series[rank]}`, found = new Map(ranks.map((rank) => [rank, null])), taken = new Set();
  const give = (rank, colour) => taken.add(colour) && found.set(rank, colour);
  for (const rank of ranks) if (seriesColours.has(name(rank)) && !taken.has(seriesColours.get(name(rank)))) give(rank, seriesColours.get(name(rank)));
  for (const rank of ranks.filter((each) => !found.get(each))) {
    give(rank, data.palette.find((colour) => !taken.has(colour)) || data.palette[rank % data.palette.length]);
    if (!seriesColours.has(name(rank))) seriesColours.set(name(rank), found.get(rank));
  }
  return found;
}

/** Draws a button for each series in the rows, which hides or shows it. */
function drawLegend(panel, colours, redraw) {
  const state = panelState(panel.id), place = document.querySelector(`#${panel.id} .legend`), present = [...colours.keys()];
  if (!panel.legend || panel.series.length < 2) {
    place.replaceChildren();
    return;
  }
  place.replaceChildren(...present.map((rank) => {
    const name = panel.series[rank], dot = createElement("i");
    dot.style.setProperty("--colour", colours.get(rank));
    const button = createElement("button", {type: "button", title: name, "aria-pressed": String(!state.hidden.has(name))}, dot, createElement("span", {}, name));
    button.addEventListener("click", () => {
      if (!state.hidden.delete(name)) state.hidden.add(name);
      redraw();
      place.children[present.indexOf(rank)].firstChild.focus();
    });
    return createElement("li", {}, button);
  }));
}

/** Draws the number of a tile, or several with their names. */
function drawTile(panel, key) {
  const place = document.querySelector(`#${panel.id} .value`);
  const numbers = panel.numbers[key] || [{series: "", value: panel.zero && panel.counts ? 0 : null}];
  place.classList.toggle("several", numbers.length > 1);
  place.replaceChildren(...numbers.map((number) => {
    const text = number.words || formatValue(number.value, panel.unit, true);
    return createElement("span", {class: number.level ? `level-${number.level}` : null, title: formatValue(number.value, panel.unit)}, text,
      ...(number.series ? [createElement("small", {}, number.series)] : []));
  }));
}

/** Returns the columns of the table with the numbers of a chart. */
function numberColumns(panel) {
  const names = {label: "When", series: "What", value: "Value", low: "Lowest bound", high: "Highest bound"};
  const present = ["label", "series", "value", "low", "high"].filter((name) => panel.columns.includes(name === "label" ? "time" : name));
  return present.map((name) => ({source: name, title: names[name], unit: name === "label" || name === "series" ? "string" : panel.unit, width: 60}));
}
