// The page: its selection, which is kept in the address, and everything that depends on it.

const selection = {};
/** Rows of a list that are printed; page.css hides the others in print. */
const PRINTED = 30;

const selector = {
  offers: (dimension, value) => data.choices.some((choice) => choice.dimension === dimension && choice.keys.indexOf(value) > 0),
  select(dimension, value) {
    selection[dimension] = data.choices.find((choice) => choice.dimension === dimension).keys.indexOf(value);
    applySelection();
  },
};

/** Reads the selection from the address: #claimant=NATO&status=denied. Values that are not offered are ignored. */
function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  for (const choice of data.choices) {
    const place = parameters.has(choice.dimension) ? choice.keys.indexOf(parameters.get(choice.dimension)) : choice.first;
    selection[choice.dimension] = Math.max(0, place);
  }
  const theme = parameters.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light";
  document.getElementById("theme").textContent = theme === "dark" ? "Light" : "Dark";
}

function writeAddress(theme = new URLSearchParams(location.hash.slice(1)).get("theme")) {
  const parameters = new URLSearchParams();
  for (const choice of data.choices) {
    if (selection[choice.dimension] !== choice.first) parameters.set(choice.dimension, choice.keys[selection[choice.dimension]]);
  }
  if (theme) parameters.set("theme", theme);
  history.replaceState(null, "", `#${parameters}`);
}

/** Fills the selectors with their options and the current selection. */
function drawChoices() {
  for (const choice of data.choices) {
    const select = document.getElementById(`choose-${choice.dimension}`);
    if (!select) continue;
    select.replaceChildren(...choice.values.map((value, place) => createElement("option", {value: place}, value)));
    select.value = String(selection[choice.dimension]);
  }
  document.getElementById("reset").disabled = data.choices.every((choice) => selection[choice.dimension] === choice.first);
  const counted = data.panels.find((panel) => panel.follows.includes("claimant") || panel.follows.includes("status"));
  if (counted) {
    const count = counted.counts[selectionKey(counted, selection)] || 0;
    document.getElementById("selected").textContent = `${WIDE.format(count)} ${counted.noun}`;
  }
}

async function drawPanel(panel) {
  const key = selectionKey(panel, selection), state = panelState(panel.id), root = document.getElementById(panel.id);
  const all = findRows(panel, key), redraw = () => drawPanel(panel);
  const nothing = root.querySelector(".nothing");
  nothing.textContent = panel.counts && Object.keys(panel.counts).length && all.length === 0 && key.split(".").some((place) => place !== "0")
    ? `No ${panel.noun === "figures" ? "figure" : "claim"} matches the selection above.` : panel.nothing;
  nothing.hidden = panel.kind === "number" || all.length > 0;
  if (panel.kind === "listing") {
    const place = root.querySelector(".table"), count = root.querySelector(".count"), total = panel.counts[key] || 0;
    place.hidden = count.hidden = !all.length;
    if (!state.sorted.source && panel.sort) Object.assign(state.sorted, {source: (panel.table.find((column) => column.title === panel.sort) || {}).source, descending: true});
    fillTable(place, panel.title, panel.table, all, state.sorted, selector, redraw);
    count.textContent = panel.documents && total > all.length ? `${all.length} of ${WIDE.format(total)}, the newest` : "";
    count.dataset.printed = all.length > PRINTED ? ` (the first ${PRINTED} are printed)` : "";
    return;
  }
  if (panel.kind === "number") drawTile(panel, key);
  if (!panel.chart) return;
  const colours = assignColours(panel, all);
  for (const row of all) row.colour = colours.get(row.rank);
  drawLegend(panel, colours, redraw);
  const numbers = root.querySelector("details.numbers");
  if (numbers) {
    numbers.hidden = !all.length;
    if (numbers.open) fillTable(numbers.querySelector(".table"), panel.title, numberColumns(panel), all, state.numbers, selector, redraw);
  }
  await drawChart(panel, all.filter((row) => !state.hidden.has(row.series)));
}

/** Draws everything that matches the selection. */
async function drawPage() {
  drawChoices();
  for (const [id, text] of Object.entries(data.facts)) document.getElementById(id).textContent = text;
  const results = await Promise.allSettled(data.panels.map(drawPanel));
  for (const {reason} of results) if (reason) console.error(reason);
  document.documentElement.dataset.drawn = String(Number(document.documentElement.dataset.drawn || 0) + 1);
}

function applySelection() {
  writeAddress();
  return drawPage();
}

document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("change", (event) => {
  if (event.target.matches("select[name]")) {
    selection[event.target.name] = Number(event.target.value);
    applySelection();
  }
});
document.getElementById("filters").addEventListener("reset", (event) => {
  event.preventDefault();
  for (const choice of data.choices) selection[choice.dimension] = choice.first;
  applySelection();
});
document.getElementById("theme").addEventListener("click", () => {
  writeAddress(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  readAddress();
});
for (const link of document.querySelectorAll("nav a")) {
  // Scrolls to the board without changing the address, which holds the selection.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const board = document.getElementById(link.dataset.board);
    board.scrollIntoView();
    board.focus({preventScroll: true});
  });
}
for (const numbers of document.querySelectorAll("details.numbers")) {
  numbers.addEventListener("toggle", () => drawPanel(data.panels.find((panel) => panel.id === numbers.closest(".panel").id)));
}
addEventListener("hashchange", () => {
  readAddress();
  drawPage();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readAddress);
readAddress();
drawPage();
