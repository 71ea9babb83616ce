// Shows evidence: each stance's sentences with the cue marked, its place, and the original beside.

const PAGE = 20;

function readEvidence(packed) {
  const word = (k) => (k < 0 ? null : packed.strings[k]);
  return packed.rows.map((r, k) => ({
    number: packed.numbers ? packed.numbers[k] : k + 1,
    piece: packed.pieces && packed.pieces[k],
    article: r[0],
    holder: word(r[1]),
    holderType: word(r[2]),
    target: word(r[3]),
    frame: word(r[4]),
    polarity: word(r[5]),
    score: r[6] / 100,
    attribution: word(r[7]),
    reporter: word(r[8]),
    flags: r[9].map(word),
    cues: r[10].map(([a, b, rule]) => [a, b, word(rule)]),
    start: r[11],
    end: r[12],
    contextStart: r[13],
    contextEnd: r[14],
    place: r[15],
    counted: r[16] === 1,
    alsoIn: r[17],
    verdict: word(r[18]),
    stance: r[19],
  }));
}

const articleOf = (item) => articleAt(item.article);
const polarityName = (item) => say(item.polarity);
const flagName = (flag) => data.messages[`flag_${flag}`] || flag;

const locatorName = ([kind, name]) => say(`locator_${kind}`, { name });

function placeText(item) {
  const file = articleOf(item).sources[0];
  if (!item.place) return file;
  const [line, column, from, to, ...locator] = item.place;
  return `${file}${locator.length ? ` · ${locatorName(locator)}` : `:${line}:${column}`}  [${from}–${to}]`;
}

const placeLink = (item) =>
  el("a", { class: "place", href: `#d${item.article}:${item.start}-${item.end}`, title: say("open_place") }, placeText(item));

const chip = (text, kind = "") => el("span", { class: `chip ${kind}` }, text);

// The original is beside the cleaned text, or folded away where cards are short.
function originalOf(show, brief) {
  if (!brief) return el("div", {}, el("p", { class: "which" }, say("original")), show("original"));
  return el("details", { class: "fold" }, el("summary", {}, say("original")), show("original"));
}

async function evidenceCard(item, { compact = false, brief = false } = {}) {
  const doc = item.piece ? pieceOf(item.piece) : await getDocument(item.article);
  const lang = languageOf(item.article);
  const show = (mode) =>
    el("blockquote", { class: `words ${mode}`, lang }, renderText(doc, item.contextStart, item.contextEnd, stanceLayers(item)));
  const differs = changed(doc, item.contextStart, item.contextEnd);
  const facts = [
    chip(polarityName(item), item.polarity),
    chip(`${say("col_score")} ${Math.round(item.score * 100)}%`),
    chip(say(`attribution_${item.attribution}`)),
    item.reporter && item.reporter !== item.holder ? chip(say("via", { name: item.reporter })) : null,
    ...item.flags.map((flag) => chip(flagName(flag), "flag")),
    item.verdict && brief ? chip(say(`human_${item.verdict}`), "human") : null,
    item.alsoIn.length ? chip(say("also_in", { list: item.alsoIn.join(", ") })) : null,
  ];
  return el(
    "article",
    { class: `card ${item.polarity}`, id: `e${item.number}`, "data-number": item.number },
    compact ? null : el("h3", {}, bdi(item.holder), " ", el("span", { class: `verb ${item.polarity}` }, polarityName(item)), " ", bdi(item.target)),
    el("div", { class: differs && !brief ? "beside" : "" },
      el("div", {}, differs && !brief ? el("p", { class: "which" }, say("cleaned")) : null, show("cleaned")),
      differs ? originalOf(show, brief) : null),
    el("p", { class: "facts" }, ...facts),
    el("p", { class: "source" }, el("cite", { lang }, articleOf(item).title), " ", placeLink(item), " ", el("code", { class: "stance-id", title: say("stance_name") }, item.stance)),
    brief ? null : judgeBar(item),
  );
}

// Fills a list with one page; a later fill of the same list cancels an earlier one.
async function fillEvidence(list, wanted, options, from = 0) {
  const turn = (list.turn = (list.turn || 0) + 1);
  const found = await evidencePage(wanted, from, PAGE);
  const cards = await Promise.all(found.items.map((i) => evidenceCard(i, options)));
  if (list.turn !== turn) return null;
  const go = async (to) => {
    await fillEvidence(list, wanted, options, to);
    list.closest("dialog")?.scrollTo(0, 0);
  };
  list.replaceChildren(...cards, pager(from, PAGE, found.count, go) || "");
  return found;
}

// Opens some evidence, `wanted` as for evidencePage.
async function openEvidence(wanted, heading) {
  const dialog = byId("evidence");
  byId("evidence-title").replaceChildren(...heading);
  byId("evidence-sum").textContent = "";
  byId("evidence-list").replaceChildren();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const found = await fillEvidence(byId("evidence-list"), wanted, { compact: heading.length > 1 });
  if (found) byId("evidence-sum").textContent = ["favor", "against", "neutral"].map((p) => `${say(p)} ${found.tally[p]}`).join(" · ");
}
