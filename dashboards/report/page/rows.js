// What the page shows: the rows of a panel under the selection, and numbers in their units.

let data = JSON.parse(document.getElementById("data").textContent);

const WIDE = new Intl.NumberFormat("en", {maximumFractionDigits: 2});
const SHORT = new Intl.NumberFormat("en", {notation: "compact", maximumFractionDigits: 2});

/** The key of a panel's selection: of each dimension that it follows the chosen position. */
function keyOf(panel, chosen) {
  return panel.follows.map((dimension) => chosen[dimension] || 0).join(".");
}

/** The rows of a panel, with the times of their slot and the name of their series. */
function rowsOf(panel, key) {
  return ((panel.sets || {})[key] || []).map((place) => {
    const row = Object.fromEntries(panel.columns.map((name, at) => [name, panel.lines[place][at]]));
    if ("series" in row) Object.assign(row, {rank: row.series, series: panel.series[row.series]});
    if ("time" in row) Object.assign(row, panel.slots[row.time]);
    return row;
  });
}

/** A time in a table: 2024-10-18 09:10. */
function moment(text) {
  return String(text).slice(0, 16).replace("T", " ");
}

function duration(seconds) {
  if (!seconds) return "0 s";
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]) {
    if (Math.abs(seconds) >= size) return `${WIDE.format(seconds / size)} ${unit}`;
  }
  return `${WIDE.format(seconds * 1000)} ms`;
}

/** A value as people read it; what is missing is a dash, or nothing in a table. */
function written(value, unit, short) {
  if (value === null || value === undefined) return short ? "–" : "";
  if (unit === "dateTimeAsIso") return moment(value);
  if (typeof value !== "number") return value === true ? "yes" : value === false ? "no" : String(value);
  if (unit === "s" || unit === "dtdurations") return duration(value);
  if (unit === "percentunit") return `${WIDE.format(value * 100)} %`;
  if (unit === "bytes") return `${SHORT.format(value)}B`;
  return (short && unit !== "locale" && Math.abs(value) >= 1e6 ? SHORT : WIDE).format(value);
}
