// The page: its selection, which the address keeps, and everything that follows it.

const chosen = {};
/** Lines of a list that go on paper; page.css hides the others there. */
const PRINTED = 30;

const choose = {
  has: (dimension, value) => data.choices.some((choice) => choice.dimension === dimension && choice.keys.indexOf(value) > 0),
  take(dimension, value) {
    chosen[dimension] = data.choices.find((choice) => choice.dimension === dimension).keys.indexOf(value);
    follow();
  },
};

/** Reads the selection from the address: #claimant=NATO&status=denied. What is not offered is left out. */
function readAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const choice of data.choices) {
    const place = wanted.has(choice.dimension) ? choice.keys.indexOf(wanted.get(choice.dimension)) : choice.first;
    chosen[choice.dimension] = Math.max(0, place);
  }
  const theme = wanted.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light";
  document.getElementById("theme").textContent = theme === "dark" ? "Light" : "Dark";
}

function writeAddress(theme = new URLSearchParams(location.hash.slice(1)).get("theme")) {
  const wanted = new URLSearchParams();
  for (const choice of data.choices) {
    if (chosen[choice.dimension] !== choice.first) wanted.set(choice.dimension, choice.keys[chosen[choice.dimension]]);
  }
  if (theme) wanted.set("theme", theme);
  history.replaceState(null, "", `#${wanted}`);
}

/** The selectors as they are offered and chosen. */
function drawChoices() {
  for (const choice of data.choices) {
    const select = document.getElementById(`choose-${choice.dimension}`);
    if (!select) continue;
    select.replaceChildren(...choice.values.map((value, place) => element("option", {value: place}, value)));
    select.value = String(chosen[choice.dimension]);
  }
  document.getElementById("reset").disabled = data.choices.every((choice) => chosen[choice.dimension] === choice.first);
  const counted = data.panels.find((panel) => panel.follows.includes("claimant") || panel.follows.includes("status"));
  if (counted) {
    const count = counted.counts[keyOf(counted, chosen)] || 0;
    document.getElementById("selected").textContent = `${WIDE.format(count)} ${counted.noun}`;
  }
}

async function drawPanel(panel) {
  const key = keyOf(panel, chosen), mine = keptOf(panel.id), root = document.getElementById(panel.id);
  const all = rowsOf(panel, key), again = () => drawPanel(panel);
  const nothing = root.querySelector(".nothing");
  nothing.textContent = panel.counts && Object.keys(panel.counts).length && all.length === 0 && key.split(".").some((place) => place !== "0")
    ? `No ${panel.noun === "figures" ? "figure" : "claim"} fits what is chosen above.` : panel.nothing;
  nothing.hidden = panel.kind === "number" || all.length > 0;
  if (panel.kind === "listing") {
    const place = root.querySelector(".table"), count = root.querySelector(".count"), total = panel.counts[key] || 0;
    place.hidden = count.hidden = !all.length;
    if (!mine.sorted.source && panel.sort) Object.assign(mine.sorted, {source: (panel.table.find((column) => column.title === panel.sort) || {}).source, falling: true});
    fillTable(place, panel.title, panel.table, all, mine.sorted, choose, again);
    count.textContent = panel.documents && total > all.length ? `${all.length} of ${WIDE.format(total)}, the newest` : "";
    count.dataset.printed = all.length > PRINTED ? ` (the first ${PRINTED} are printed)` : "";
    return;
  }
  if (panel.kind === "number") drawTile(panel, key);
  if (!panel.chart) return;
  const colours = coloursOf(panel, all);
  for (const row of all) row.colour = colours.get(row.rank);
  drawLegend(panel, colours, again);
  const numbers = root.querySelector("details.numbers");
  if (numbers) {
    numbers.hidden = !all.length;
    if (numbers.open) fillTable(numbers.querySelector(".table"), panel.title, numberColumns(panel), all, mine.numbers, choose, again);
  }
  await drawChart(panel, all.filter((row) => !mine.hidden.has(row.series)));
}

/** Draws everything under the selection. */
async function draw() {
  drawChoices();
  for (const [id, text] of Object.entries(data.facts)) document.getElementById(id).textContent = text;
  const drawn = await Promise.allSettled(data.panels.map(drawPanel));
  for (const {reason} of drawn) if (reason) console.error(reason);
  document.documentElement.dataset.drawn = String(Number(document.documentElement.dataset.drawn || 0) + 1);
}

function follow() {
  writeAddress();
  return draw();
}

document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("change", (event) => {
  if (event.target.matches("select[name]")) {
    chosen[event.target.name] = Number(event.target.value);
    follow();
  }
});
document.getElementById("filters").addEventListener("reset", (event) => {
  event.preventDefault();
  for (const choice of data.choices) chosen[choice.dimension] = choice.first;
  follow();
});
document.getElementById("theme").addEventListener("click", () => {
  writeAddress(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  readAddress();
});
for (const link of document.querySelectorAll("nav a")) {
  // The address holds the selection, so the board is scrolled to without changing it.
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
  draw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readAddress);
readAddress();
draw();
