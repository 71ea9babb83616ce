// Where the page's lists come from: from the data in its own file, or from the server, a page at a
// time. Both sides answer the same questions in the same form.

const asked = async (address, parameters = {}) => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null && one !== "") query.append(name, one);
  }
  const found = await (await fetch(`data/${address}?${query}`)).json();
  for (const article of found.articles || []) articles.set(article.number, article);
  return found;
};

// The articles that the page knows: all of them, or those that an answer was about.
const articles = new Map();
const articleAt = (number) => articles.get(number);

// Where a served study is still read, its long tables are asked for again.
const AGAIN = 1500;
const fetched = (table) => async (words, from, limit) => {
  for (;;) {
    const found = await asked(table, { q: words.join(" "), from, limit });
    if (!found.pending) return found;
    await new Promise((ready) => setTimeout(ready, AGAIN));
  }
};

// The rows in which all words occur, by what search(row) says of one, lower-cased.
function among(rows, search) {
  let searched = null;
  return (words, from, limit) => {
    searched ??= rows.map(search);
    const found = words.length ? rows.filter((_, k) => words.every((w) => searched[k].includes(w))) : rows;
    return { count: found.length, rows: found.slice(from, from + limit) };
  };
}

const asParameters = ({ words, plainOnly, ...chosen }) => ({ ...chosen, q: words.join(" "), plain: plainOnly ? 1 : "" });

// Some evidence: {items}, or that which passes filters, of a holder, on any of some targets.
const selects = ({ filters: chosen, holder, targets }) => (e) =>
  e.counted && (!chosen || passes(chosen, e)) && (holder === undefined || e.holder === holder) && (!targets || targets.includes(e.target));

async function evidencePage(wanted, from, limit) {
  if (data.live && !wanted.items) {
    const found = await asked("evidence", { ...asParameters(wanted.filters || { words: [] }), holder: wanted.holder, target: wanted.targets, from, limit });
    return { count: found.count, tally: found.tally, items: readEvidence(found.evidence) };
  }
  const items = wanted.items || data.evidence.filter(selects(wanted));
  const tally = { favor: 0, against: 0, neutral: 0 };
  for (const item of items) tally[item.polarity] += 1;
  return { count: items.length, tally, items: items.slice(from, from + limit) };
}

// What two holders both speak of, a page of it: {count, pairs: [{target, relation, items}]}.
async function comparisonPage(first, second, from, limit) {
  if (!data.live) return compared(first, second, from, limit);
  const found = await asked("comparison", { first, second, from, limit });
  const items = readEvidence(found.evidence);
  return { count: found.count, pairs: found.pairs.map((pair, k) => ({ ...pair, items: items.slice(2 * k, 2 * k + 2) })) };
}

// The matrix that passes the filters: its names in order, {n, holders, targets, at(holder, target)}.
async function matrixOf(chosen, size, order) {
  if (!data.live) return summed(chosen, size, order);
  const found = await asked("matrix", {
    ...asParameters(chosen), rows: size.rows, columns: size.columns,
    by_name: order.byName ? 1 : "", by_target: order.rows, by_holder: order.columns,
  });
  const cells = new Map(found.cells.map(([row, column, ...sides]) => [`${row} ${column}`, sides]));
  const [row, column] = [found.rows, found.columns].map((names) => new Map(names.map((name, k) => [name, k])));
  const at = (holder, target) => {
    const sides = cells.get(`${row.get(holder)} ${column.get(target)}`);
    return sides ? { favor: sides[0], against: sides[1], neutral: sides[2] } : null;
  };
  return { ...found, at };
}

// All evidence of one text, in its order.
const evidenceIn = (doc) => (data.live ? readEvidence(doc.evidence) : data.evidence.filter((e) => e.article === doc.number));

// Buttons that lead through a list: before, where one is, after.
function pager(from, limit, count, go) {
  if (count <= limit) return null;
  const button = (key, to, off) =>
    el("button", { type: "button", class: key, disabled: off, on: { click: () => go(to) } }, say(key));
  return el("nav", { class: "pager", "aria-label": say("pages") },
    button("previous_page", from - limit, from === 0),
    el("span", { "aria-live": "polite" }, say("page_range", { first: from + 1, last: Math.min(from + limit, count), count })),
    button("next_page", from + limit, from + limit >= count));
}
