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

/** Colours that series were given, by what they are and their name: they keep them from panel to panel. */
const owned = new Map();

/** The colour of each series that the rows have, by rank: the one that it has elsewhere if none here has it already. */
function coloursOf(panel, rows) {
  const ranks = [...new Set(rows.map((row) => row.rank))].sort((a, b) => a - b);
  if (panel.by === null) return new Map(ranks.map((rank) => [rank, panel.colours[rank]]));
  const name = (rank) => `${panel.by}/${panel.series[rank]}`, found = new Map(ranks.map((rank) => [rank, null])), taken = new Set();
  const give = (rank, colour) => taken.add(colour) && found.set(rank, colour);
  for (const rank of ranks) if (owned.has(name(rank)) && !taken.has(owned.get(name(rank)))) give(rank, owned.get(name(rank)));
  for (const rank of ranks.filter((each) => !found.get(each))) {
    give(rank, data.palette.find((colour) => !taken.has(colour)) || data.palette[rank % data.palette.length]);
    if (!owned.has(name(rank))) owned.set(name(rank), found.get(rank));
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
