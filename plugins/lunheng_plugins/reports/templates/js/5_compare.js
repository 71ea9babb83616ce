// Two holders side by side: where they agree and where they differ, in their own words.

const PAIRS = 4;

function standing(holder) {
  const stands = new Map();
  for (const e of data.evidence) {
    if (!e.counted || e.holder !== holder) continue;
    const stand = stands.get(e.target) || { net: 0, items: [] };
    stand.net += e.polarity === "favor" ? 1 : e.polarity === "against" ? -1 : 0;
    stand.items.push(e);
    stands.set(e.target, stand);
  }
  return stands;
}

function bestItem(stand) {
  const side = stand.net > 0 ? "favor" : stand.net < 0 ? "against" : "neutral";
  const worth = (e) => (e.polarity === side ? 2 : 0) - (e.flags.length ? 1 : 0) + e.score;
  return stand.items.reduce((best, e) => (worth(e) > worth(best) ? e : best));
}

async function drawComparison() {
  const names = [byId("compare-first").value, byId("compare-second").value];
  const [first, second] = names.map(standing);
  const shared = [...first.keys()].filter((t) => second.has(t));
  const relation = (t) => {
    const product = Math.sign(first.get(t).net) * Math.sign(second.get(t).net);
    return product < 0 ? "differ" : product > 0 ? "agree" : "even";
  };
  const rank = (t) => ["differ", "agree", "even"].indexOf(relation(t));
  const weight = (t) => first.get(t).items.length + second.get(t).items.length;
  shared.sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a));
  const pair = async (target) => {
    const cards = await Promise.all([first, second].map((s) => evidenceCard(bestItem(s.get(target)), { compact: true, brief: true })));
    for (const card of cards) card.removeAttribute("id");
    return el("section", { class: "pair" },
      el("h3", {}, el("span", { class: `tag ${relation(target)}` }, say(relation(target))), " ", bdi(target)),
      el("div", { class: "two" }, cards.map((card, k) => el("div", {}, el("p", { class: "who" }, bdi(names[k])), card))));
  };
  const result = byId("compare-result");
  const turn = (drawComparison.turn = (drawComparison.turn || 0) + 1);
  const more = async (from) => {
    const rows = await Promise.all(shared.slice(from, from + PAIRS).map(pair));
    if (turn !== drawComparison.turn) return;
    if (!from) result.replaceChildren();
    result.querySelector(":scope > .more")?.remove();
    result.append(...rows);
    const left = shared.length - from - PAIRS;
    if (left > 0) result.append(el("button", { type: "button", class: "more", on: { click: () => more(from + PAIRS) } }, say("show_more", { n: left })));
  };
  if (shared.length) await more(0);
  else result.replaceChildren(el("p", { class: "empty" }, say("nothing_shared")));
}

function startComparison() {
  const section = byId("compare");
  if (!section) return;
  const [first, second] = ["compare-first", "compare-second"].map(byId);
  for (const select of [first, second]) {
    select.append(...data.holders.slice(0, 300).map((name) => el("option", { value: name }, name)));
    select.addEventListener("change", drawComparison);
  }
  const pair = data.pairs[0] || [data.holders[0], data.holders[1]];
  [first.value, second.value] = pair;
  drawComparison();
}

// Dots and names in the charts open the evidence behind them.
function startCharts() {
  const open = (node) => {
    const holder = data.holders[node.dataset.holder];
    const heading = [bdi(holder ?? node.dataset.heading)];
    const items = holder !== undefined
      ? data.evidence.filter((e) => e.counted && e.holder === holder)
      : node.dataset.items.split(" ").map((n) => data.evidence[n - 1]);
    openEvidence(items, heading);
  };
  for (const node of document.querySelectorAll("#axes .dot, #network .holder")) {
    node.addEventListener("click", () => open(node));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open(node);
    });
  }
}
