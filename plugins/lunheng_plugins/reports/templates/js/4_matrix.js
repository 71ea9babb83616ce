// The stance matrix: holders by targets, summed from the evidence that the filters let through.

const shown = { rows: 24, columns: 16 };
const sorting = { rows: null, columns: null };

function filters() {
  return {
    words: byId("filter-text").value.trim().toLowerCase().split(/\s+/).filter(Boolean),
    article: Number(byId("filter-article").value),
    polarity: byId("filter-polarity").value,
    frame: byId("filter-frame").value,
    score: Number(byId("filter-score").value) / 100,
    plainOnly: byId("filter-flags").checked,
  };
}

function passing({ words, article, polarity, frame, score, plainOnly }) {
  return data.evidence.filter(
    (e) =>
      e.counted &&
      (!article || e.article === article || e.alsoIn.includes(article)) &&
      (!polarity || e.polarity === polarity) &&
      (!frame || (frame === "—" ? !e.frame : e.frame === frame)) &&
      e.score >= score &&
      (!plainOnly || !e.flags.length) &&
      words.every((w) => e.search.includes(w)),
  );
}

// Sums items by cell; holders and targets come ranked, targets by their number of holders first.
function sum(items) {
  const cells = new Map();
  const holders = new Map();
  const targets = new Map();
  const add = (weights, name, weight) => weights.set(name, (weights.get(name) || 0) + weight);
  for (const e of items) {
    let cell = cells.get(e.cell);
    if (!cell) {
      cells.set(e.cell, (cell = { favor: 0, against: 0, neutral: 0, holder: e.holder, target: e.target, items: [] }));
      add(targets, e.target, 1000);
    }
    cell[e.polarity] += 1;
    cell.items.push(e);
    add(holders, e.holder, 1);
    add(targets, e.target, 1);
  }
  return { cells: byHolder(cells.values()), holders: ranked(holders), targets: ranked(targets) };
}

function byHolder(cells) {
  const rows = new Map();
  for (const cell of cells) {
    if (!rows.has(cell.holder)) rows.set(cell.holder, new Map());
    rows.get(cell.holder).set(cell.target, cell);
  }
  return rows;
}

const ranked = (weights) =>
  [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);

const net = (cell) => (cell ? cell.favor - cell.against : null);
const total = (cell) => cell.favor + cell.against + cell.neutral;

function bySide(names, cellOf) {
  const worth = (name) => net(cellOf(name)) ?? -Infinity;
  return [...names].sort((a, b) => worth(b) - worth(a));
}

function drawMatrix() {
  const chosen = filters();
  byId("filter-score-value").textContent = `${Math.round(chosen.score * 100)}%`;
  const items = passing(chosen);
  const { cells, holders, targets } = sum(items);
  const at = (holder, target) => cells.get(holder)?.get(target);
  const columns = (sorting.columns ? bySide(targets, (t) => at(sorting.columns, t)) : targets).slice(0, shown.columns);
  const rows = (sorting.rows === "name" ? [...holders].sort(collator.compare)
    : sorting.rows ? bySide(holders, (h) => at(h, sorting.rows)) : holders)
    .filter((h) => columns.some((t) => at(h, t))).slice(0, shown.rows);
  const table = byId("matrix-table");
  table.tHead.replaceChildren(headRow(columns));
  table.tBodies[0].replaceChildren(...rows.map((holder) => holderRow(holder, columns, at)));
  byId("matrix-count").textContent = say("matrix_count", {
    n: items.length, rows: rows.length, holders: holders.length, columns: columns.length, targets: targets.length,
  });
  byId("matrix-more").hidden = rows.length === holders.length && columns.length === targets.length;
  byId("matrix-empty").hidden = items.length > 0;
  byId("matrix-scroll").hidden = items.length === 0;
  return items;
}

function headRow(columns) {
  const corner = el("td", { class: "corner" },
    el("button", { type: "button", "aria-pressed": String(sorting.rows === "name"), on: { click: () => sortRows("name") } }, say("sort_name")));
  return el("tr", {}, corner, columns.map((target) =>
    el("th", { scope: "col", "aria-sort": sorting.rows === target ? "descending" : null },
      el("button", { type: "button", class: "target", title: say("sort_by", { name: plain(target) }), on: { click: () => sortRows(target) } },
        bdi(target)))));
}

function holderRow(holder, columns, at) {
  return el("tr", {},
    el("th", { scope: "row" },
      el("button", { type: "button", class: "holder", title: say("sort_by", { name: plain(holder) }), on: { click: () => sortColumns(holder) } }, bdi(holder))),
    columns.map((target) => el("td", {}, cellButton(holder, target, at(holder, target)))));
}

function cellButton(holder, target, cell) {
  if (!cell) return null;
  const value = net(cell);
  const side = value > 0 ? "favor" : value < 0 ? "against" : "neutral";
  const strength = Math.min(4, Math.max(1, Math.ceil(Math.abs(value) / 1.5)));
  const label = say("cell_label", { holder: plain(holder), target: plain(target), favor: cell.favor, against: cell.against, neutral: cell.neutral });
  return el("button",
    {
      type: "button", class: `cell ${side} s${strength}`, "aria-label": label, title: label,
      on: { click: () => openEvidence(cell.items, [bdi(holder), el("span", { class: "arrow", "aria-hidden": "true" }, " → "), bdi(target)]) },
    },
    signed(value), total(cell) > Math.abs(value) ? el("small", {}, total(cell)) : null);
}

function sortRows(target) {
  sorting.rows = sorting.rows === target ? null : target;
  drawMatrix();
}

function sortColumns(holder) {
  sorting.columns = sorting.columns === holder ? null : holder;
  drawMatrix();
}

// Arrow keys walk from cell to cell.
function walk(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = event.target.closest("td, th");
  if (!step || !cell) return;
  const table = byId("matrix-table");
  let row = cell.parentElement.rowIndex + step[0];
  let column = cell.cellIndex + step[1];
  while (table.rows[row]?.cells[column]) {
    const button = table.rows[row].cells[column].querySelector("button");
    if (button) {
      button.focus();
      event.preventDefault();
      return;
    }
    row += step[0];
    column += step[1];
  }
}

function startMatrix() {
  const form = byId("matrix-filters");
  form.addEventListener("input", drawMatrix);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    sorting.rows = sorting.columns = null;
    drawMatrix();
  }));
  byId("matrix-table").addEventListener("keydown", walk);
  byId("matrix-more").addEventListener("click", () => {
    shown.rows *= 2;
    shown.columns *= 2;
    drawMatrix();
  });
  byId("matrix-all").addEventListener("click", () => openEvidence(passing(filters()), [say("section_evidence")]));
  drawMatrix();
}
