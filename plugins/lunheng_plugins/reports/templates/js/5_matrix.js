// The stance matrix: holders by targets, summed from the evidence that the filters let through.

const shown = { rows: 24, columns: 16 };
const sorting = { byName: false, rows: null, columns: null };

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

const passes = ({ words, article, polarity, frame, score, plainOnly }, e) =>
  (!article || e.article === article || e.alsoIn.includes(article)) &&
  (!polarity || e.polarity === polarity) &&
  (!frame || (frame === "—" ? !e.frame : e.frame === frame)) &&
  e.score >= score &&
  (!plainOnly || !e.flags.length) &&
  words.every((w) => e.search.includes(w));

// Names and cells are numbered once, so that a filter adds numbers in arrays and hashes nothing.
const numbers = { names: [], ids: new Map(), cells: [], rows: new Map(), alphabet: null };

function numberOf(name) {
  let id = numbers.ids.get(name);
  if (id === undefined) {
    numbers.ids.set(name, (id = numbers.names.length));
    numbers.names.push(name);
  }
  return id;
}

function enrol(item) {
  const [holder, target] = [numberOf(item.holder), numberOf(item.target)];
  if (!numbers.rows.has(holder)) numbers.rows.set(holder, new Map());
  const row = numbers.rows.get(holder);
  if (!row.has(target)) {
    row.set(target, numbers.cells.length);
    numbers.cells.push([holder, target]);
  }
  item.cell = row.get(target);
  item.search = `${item.holder} ${item.target} ${item.reporter || ""}`.toLowerCase();
  numbers.alphabet = null;
}

// Where each name comes in the alphabet of the page's language.
function alphabet() {
  if (!numbers.alphabet) {
    const order = numbers.names.map((_, id) => id).sort((a, b) => collator.compare(numbers.names[a], numbers.names[b]));
    numbers.alphabet = new Int32Array(order.length);
    order.forEach((id, rank) => (numbers.alphabet[id] = rank));
  }
  return numbers.alphabet;
}

// Holders and targets come ranked, targets by their number of holders first.
function sum(items) {
  const side = { favor: 0, against: 1, neutral: 2 };
  const counts = new Int32Array(3 * numbers.cells.length);
  const holders = new Int32Array(numbers.names.length);
  const targets = new Int32Array(numbers.names.length);
  for (const e of items) {
    const at = 3 * e.cell;
    const [holder, target] = numbers.cells[e.cell];
    if (!(counts[at] + counts[at + 1] + counts[at + 2])) targets[target] += 1000;
    counts[at + side[e.polarity]] += 1;
    holders[holder] += 1;
    targets[target] += 1;
  }
  return { counts, holders: ranked(holders), targets: ranked(targets) };
}

function ranked(weights) {
  const ids = [];
  for (let id = 0; id < weights.length; id += 1) if (weights[id]) ids.push(id);
  return ids.sort((a, b) => weights[b] - weights[a] || a - b);
}

function cellOf(counts, holder, target) {
  const cell = numbers.rows.get(holder)?.get(target);
  if (cell === undefined) return null;
  const [favor, against, neutral] = counts.subarray(3 * cell, 3 * cell + 3);
  return favor + against + neutral ? { cell, favor, against, neutral } : null;
}

const net = (cell) => cell.favor - cell.against;
const total = (cell) => cell.favor + cell.against + cell.neutral;

function bySide(ids, at) {
  const worth = new Map(ids.map((id) => [id, at(id)]).map(([id, cell]) => [id, cell ? net(cell) : -Infinity]));
  return [...ids].sort((a, b) => worth.get(b) - worth.get(a));
}

// The matrix of the page's own evidence; see matrixOf.
function summed(chosen, size, order) {
  const items = data.evidence.filter((e) => e.counted && passes(chosen, e));
  const { counts, holders, targets } = sum(items);
  const at = (holder, target) => cellOf(counts, holder, target);
  const [byTarget, byHolder] = [order.rows, order.columns].map((name) => (name === null ? null : numbers.ids.get(name)));
  const columns = (byHolder === null ? targets : bySide(targets, (t) => at(byHolder, t))).slice(0, size.columns);
  const sorted = order.byName ? [...holders].sort((a, b) => alphabet()[a] - alphabet()[b])
    : byTarget !== null ? bySide(holders, (h) => at(h, byTarget)) : holders;
  const rows = [];
  for (const holder of sorted) {
    if (rows.length === size.rows) break;
    if (columns.some((t) => at(holder, t))) rows.push(holder);
  }
  const named = (ids) => ids.map((id) => numbers.names[id]);
  return {
    n: items.length, holders: holders.length, targets: targets.length, rows: named(rows), columns: named(columns),
    at: (holder, target) => at(numbers.ids.get(holder), numbers.ids.get(target)),
  };
}

async function drawMatrix() {
  const chosen = filters();
  const turn = (drawMatrix.turn = (drawMatrix.turn || 0) + 1);
  byId("filter-score-value").textContent = `${Math.round(chosen.score * 100)}%`;
  const found = await matrixOf(chosen, shown, sorting);
  if (turn !== drawMatrix.turn) return;
  const { n, rows, columns, holders, targets, at } = found;
  const table = byId("matrix-table");
  keepHeight(n === 0);
  table.tHead.replaceChildren(headRow(columns));
  table.tBodies[0].replaceChildren(...rows.map((holder) => holderRow(holder, columns, at)));
  byId("matrix-count").textContent = say("matrix_count", { n, rows: rows.length, holders, columns: columns.length, targets });
  byId("matrix-more").hidden = rows.length === holders && columns.length === targets;
  byId("matrix-empty").hidden = n > 0;
  table.hidden = n === 0;
}

// Where nothing is left the page stays as high as it was, so that nothing below has to move.
function keepHeight(empty) {
  const box = byId("matrix-scroll");
  if (!empty) box.style.minHeight = "";
  else if (!box.style.minHeight) box.style.minHeight = `${box.offsetHeight}px`;
}

function headRow(columns) {
  const corner = el("td", { class: "corner" },
    el("button", { type: "button", "aria-pressed": String(sorting.byName), on: { click: sortNames } }, say("sort_name")));
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
  const open = () =>
    openEvidence({ filters: filters(), holder, targets: [target] }, [bdi(holder), el("span", { class: "arrow", "aria-hidden": "true" }, " → "), bdi(target)]);
  return el("button", { type: "button", class: `cell ${side} s${strength}`, "aria-label": label, title: label, on: { click: open } },
    signed(value), total(cell) > Math.abs(value) ? el("small", {}, total(cell)) : null);
}

function sortNames() {
  sorting.byName = !sorting.byName;
  sorting.rows = null;
  drawMatrix();
}

function sortRows(target) {
  sorting.byName = false;
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
  if (!form) return;
  form.addEventListener("input", drawMatrix);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    sorting.byName = false;
    sorting.rows = sorting.columns = null;
    drawMatrix();
  }));
  byId("matrix-table").addEventListener("keydown", walk);
  byId("matrix-more").addEventListener("click", () => {
    shown.rows *= 2;
    shown.columns *= 2;
    drawMatrix();
  });
  byId("matrix-all").addEventListener("click", () => openEvidence({ filters: filters() }, [say("section_evidence")]));
  drawMatrix();
}
