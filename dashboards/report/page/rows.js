// The rows of a panel for the current selection, and the formats of numbers.

let data = JSON.parse(document.getElementById("data").textContent);

const WIDE = new Intl.NumberFormat("en", {maximumFractionDigits: 2});
const SHORT = new Intl.NumberFormat("en", {notation: "compact", maximumFractionDigits: 2});

/** Returns the key of a panel's selection: the selected position of each dimension that it follows. */
function selectionKey(panel, selection) {
  return panel.follows.map((dimension) => selection[dimension] || 0).join(".");
}

/** Returns the rows of a panel, with the times of their slot and the name of their series. */
function findRows(panel, key) {
  return ((panel.sets || {})[key] || []).map((place) => {
    const row = Object.fromEntries(panel.columns.map((name, at) => [name, panel.lines[place][at]]));
    if ("series" in row) Object.assign(row, {rank: row.series, series: panel.series[row.series]});
    if ("time" in row) Object.assign(row, panel.slots[row.time]);
    return row;
  });
}

/** Returns a time for a table: 2024-10-18 09:10. */
function formatTime(text) {
  return String(text).slice(0, 16).replace("T", " ");
}

function formatDuration(seconds) {
  if (!seconds) return "0 s";
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]) {
    if (Math.abs(seconds) >= size) return `${WIDE.format(seconds / size)} ${unit}`;
  }
  return `${WIDE.format(seconds * 1000)} ms`;
}

/** Returns a value as text. A missing value is a dash, or empty in a table. */
function formatValue(value, unit, short) {
  if (value === null || value === undefined) return short ? "–" : "";
  if (unit === "dateTimeAsIso") return formatTime(value);
  if (typeof value !== "number") return value === true ? "yes" : value === false ? "no" : String(value);
  if (unit === "s" || unit === "dtdurations") return formatDuration(value);
  if (unit === "percentunit") return `${WIDE.format(value * 100)} %`;
  if (unit === "bytes") return `${SHORT.format(value)}B`;
  return (short && unit !== "locale" && Math.abs(value) >= 1e6 ? SHORT : WIDE).format(value);
}
