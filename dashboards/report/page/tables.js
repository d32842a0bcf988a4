// Tables: built cell by cell from text, never from markup, as the text comes from the web.

/** An element with text and attributes. */
function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** The address where it is one of the web, else null: a script is none. */
function address(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const AMOUNTS = new Set(["short", "locale", "none", "s", "dtdurations", "bytes", "percentunit"]);

function cell(column, row, choose) {
  const text = written(row[column.source], column.unit);
  const kind = column.unit === "dateTimeAsIso" ? "when" : AMOUNTS.has(column.unit) ? "amount" : column.width ? null : "words";
  const made = element("td", {class: kind, "data-title": column.title});
  const link = column.link && address(row[column.link]);
  if (link) made.append(element("a", {href: link, rel: "noopener noreferrer", target: "_blank"}, text || new URL(link).hostname));
  else if (column.status && text) {
    const dot = element("i");
    dot.style.setProperty("--colour", data.statuses[text] || "currentColor");
    made.append(element("span", {class: "status"}, dot, text));
  } else if (column.chooses && choose.has(column.chooses, text)) {
    const button = element("button", {type: "button", title: `Narrow the report to ${text}`}, text);
    button.addEventListener("click", () => choose.take(column.chooses, text));
    made.append(button);
  } else made.append(text);
  return made;
}

/** Compares numbers as numbers and text as text; what is missing comes last. */
function order(source, falling) {
  const missing = (value) => value === null || value === undefined;
  return (one, other) => {
    const [a, b] = [one[source], other[source]];
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const found = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
    return falling ? -found : found;
  };
}

/** Fills a table's place. `sorted` is kept by the caller: {source, falling}, or empty for the order of the rows. */
function fillTable(place, title, columns, rows, sorted, choose, again) {
  const shown = sorted.source ? [...rows].sort(order(sorted.source, sorted.falling)) : rows;
  const heads = columns.map((column) => {
    const falling = sorted.source === column.source ? !sorted.falling : AMOUNTS.has(column.unit) || column.unit === "dateTimeAsIso";
    const button = element("button", {type: "button"}, column.title);
    button.addEventListener("click", () => {
      Object.assign(sorted, {source: column.source, falling});
      again();
      place.querySelectorAll("th button")[columns.indexOf(column)].focus();
    });
    const now = sorted.source === column.source ? (sorted.falling ? "descending" : "ascending") : null;
    const head = element("th", {scope: "col", "aria-sort": now, class: AMOUNTS.has(column.unit) ? "amount" : null}, button);
    if (column.width) head.style.minWidth = `${Math.round(column.width * 0.8)}px`;
    return head;
  });
  const lines = shown.map((row) => element("tr", {}, ...columns.map((column) => cell(column, row, choose))));
  const cards = columns.length > 4 ? "cards" : null;
  place.replaceChildren(element("table", {class: cards}, element("caption", {}, title),
    element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines)));
}
