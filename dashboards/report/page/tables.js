// Tables, built cell by cell from text and never from markup, because the text comes from the web.

/** Returns an element with attributes and children. */
function createElement(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** Returns the address if it is http or https, otherwise null: it might be a script. */
function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const AMOUNTS = new Set(["short", "locale", "none", "s", "dtdurations", "bytes", "percentunit"]);

function createCell(column, row, selector) {
  const text = formatValue(row[column.source], column.unit);
  const kind = column.unit === "dateTimeAsIso" ? "when" : AMOUNTS.has(column.unit) ? "amount" : column.width ? null : "words";
  const made = createElement("td", {class: kind, "data-title": column.title});
  const link = column.link && webAddress(row[column.link]);
  if (link) made.append(createElement("a", {href: link, rel: "noopener noreferrer", target: "_blank"}, text || new URL(link).hostname));
  else if (column.status && text) {
    const dot = createElement("i");
    dot.style.setProperty("--colour", data.statuses[text] || "currentColor");
    made.append(createElement("span", {class: "status"}, dot, text));
  } else if (column.chooses && selector.offers(column.chooses, text)) {
    const button = createElement("button", {type: "button", title: `Filter the report by ${text}`}, text);
    button.addEventListener("click", () => selector.select(column.chooses, text));
    made.append(button);
  } else made.append(text);
  return made;
}

/** Returns a comparison of rows: numbers by value, text alphabetically, missing values last. */
function compareRows(source, descending) {
  const missing = (value) => value === null || value === undefined;
  return (one, other) => {
    const [a, b] = [one[source], other[source]];
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const found = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
    return descending ? -found : found;
  };
}

/** Fills an element with a table. The caller keeps `sorted`: {source, descending}, or empty for the order of the rows. */
function fillTable(place, title, columns, rows, sorted, selector, redraw) {
  const shown = sorted.source ? [...rows].sort(compareRows(sorted.source, sorted.descending)) : rows;
  const heads = columns.map((column) => {
    const descending = sorted.source === column.source ? !sorted.descending : AMOUNTS.has(column.unit) || column.unit === "dateTimeAsIso";
    const button = createElement("button", {type: "button"}, column.title);
    button.addEventListener("click", () => {
      Object.assign(sorted, {source: column.source, descending});
      redraw();
      place.querySelectorAll("th button")[columns.indexOf(column)].focus();
    });
    const now = sorted.source === column.source ? (sorted.descending ? "descending" : "ascending") : null;
    const head = createElement("th", {scope: "col", "aria-sort": now, class: AMOUNTS.has(column.unit) ? "amount" : null}, button);
    if (column.width) head.style.minWidth = `${Math.round(column.width * 0.8)}px`;
    return head;
  });
  const lines = shown.map((row) => createElement("tr", {}, ...columns.map((column) => createCell(column, row, selector))));
  const cards = columns.length > 4 ? "cards" : null;
  place.replaceChildren(createElement("table", {class: cards}, createElement("caption", {}, title),
    createElement("thead", {}, createElement("tr", {}, ...heads)), createElement("tbody", {}, ...lines)));
}
