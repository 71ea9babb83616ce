// Long tables: a page at a time, searched as one types.

const ROWS = 15;

// Columns are {head, cell(row) -> node or text, class}; find(words, from, limit) -> {count, rows}.
function startTable(id, find, columns) {
  const box = byId(id);
  if (!box) return;
  const input = box.querySelector("input[type=search]");
  const count = box.querySelector("output");
  const body = el("tbody");
  const pages = el("div");
  let turn = 0;
  const draw = async (from = 0) => {
    const mine = (turn += 1);
    const words = (input?.value || "").trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = await find(words, from, ROWS);
    if (mine !== turn) return;
    body.replaceChildren(...found.rows.map((row) =>
      el("tr", {}, columns.map((c) => el("td", { class: c.class, lang: c.lang?.(row) }, c.cell(row))))));
    if (count) count.textContent = say("row_count", { n: found.count });
    pages.replaceChildren(pager(from, ROWS, found.count, draw) || "");
  };
  input?.addEventListener("input", () => draw());
  if (data.live && count) count.textContent = say("waiting");
  box.append(
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": box.dataset.label },
      el("table", { class: "rows" }, el("thead", {}, el("tr", {}, columns.map((c) => el("th", { scope: "col", class: c.class }, c.head)))), body)),
    pages);
  draw();
}

const articleLink = (n) => el("a", { href: `#d${n}`, title: articleAt(n) && plain(articleAt(n).title) }, n);
const between = (nodes, mark) => nodes.flatMap((node, k) => (k ? [mark, node] : [node]));

function startTables() {
  startTable("claims-table", data.live ? fetched("claims") : among(data.claims, (c) => `${c.amount} ${c.unit} ${c.subject} ${c.holder} ${c.sentence}`.toLowerCase()), [
    { head: say("col_amount"), cell: (c) => bdi(c.amount), class: "amount" },
    { head: say("col_subject"), cell: (c) => bdi(c.subject) },
    { head: say("col_holder"), cell: (c) => bdi(c.holder), class: "name" },
    { head: say("col_sentence"), cell: (c) => claimSentence(c), class: "sentence", lang: (c) => languageOf(c.article) },
    { head: say("col_place"), cell: (c) => el("a", { class: "place", href: `#d${c.article}:${c.start}-${c.end}` }, say("article_place", { n: c.article, place: c.locator.length ? locatorName(c.locator) : say("place_line", { line: c.line }) })) },
  ]);
  startTable("entities-table", data.live ? fetched("entities") : among(data.entities, (e) => [e.name, ...e.aliases, say(`type_${e.type}`)].join(" ").toLowerCase()), [
    { head: say("col_name"), cell: (e) => [bdi(e.name), " ", e.human ? chip(say("human"), "human") : null], class: "name" },
    { head: say("col_type"), cell: (e) => say(`type_${e.type}`), class: "kind" },
    { head: say("col_aliases"), cell: (e) => bdi(e.aliases.join("、")), class: "list" },
    { head: say("col_mentions"), cell: (e) => e.mentions, class: "number" },
    { head: say("col_articles"), cell: (e) => between(e.articles.slice(0, 12).map(articleLink), ", ") },
    { head: say("col_beside"), cell: (e) => bdi(e.beside.join("、")), class: "list" },
    { head: say("col_correct"), cell: nameButton },
  ]);
  startTable("articles-table", data.live ? fetched("articles") : among(data.articles, (a) => `${a.title} ${a.author || ""} ${a.date || ""} ${a.sources.join(" ")}`.toLowerCase()), [
    { head: "#", cell: (a) => a.number, class: "number" },
    { head: say("col_title"), cell: (a) => el("a", { href: `#d${a.number}`, lang: languageOf(a.number) }, a.title), class: "title" },
    { head: say("col_author"), cell: (a) => bdi(a.author || "") },
    { head: say("col_date"), cell: (a) => a.date || "" },
    { head: say("col_characters"), cell: (a) => a.characters.toLocaleString(), class: "number" },
    { head: say("col_stances"), cell: (a) => a.counts.stances, class: "number" },
    { head: say("col_undecided"), cell: (a) => a.abstained, class: "number" },
    { head: say("col_file"), cell: (a) => [bdi(a.sources.join(" ")), a.repost_of ? chip(say("repost_of", { n: a.repost_of })) : null, a.reposts ? chip(say("reposted", { n: a.reposts })) : null], class: "file" },
  ]);
}

// Opens the form for a name in a row of its own below the name's.
function nameButton(entity) {
  const open = (event) => {
    const row = event.target.closest("tr");
    if (row.nextElementSibling?.matches(".form")) return row.nextElementSibling.remove();
    const form = el("tr", { class: "form" }, el("td", { colspan: row.cells.length }, nameForm(entity, () => form.remove())));
    row.after(form);
    return form.querySelector("input").focus();
  };
  return el("button", { type: "button", on: { click: open } }, say("judge_change"));
}

function claimSentence(claim) {
  const text = codePoints(claim.sentence);
  const from = claim.start - claim.sentence_start;
  const to = from + codePoints(claim.amount).length;
  return [text.slice(0, from), el("mark", {}, text.slice(from, to)), text.slice(to, text.length)];
}
