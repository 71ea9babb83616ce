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

// The page's own evidence compared; see comparisonPage.
function compared(one, other, from, limit) {
  const [first, second] = [one, other].map(standing);
  const shared = [...first.keys()].filter((t) => second.has(t));
  const relation = (t) => {
    const product = Math.sign(first.get(t).net) * Math.sign(second.get(t).net);
    return product < 0 ? "differ" : product > 0 ? "agree" : "even";
  };
  const rank = (t) => ["differ", "agree", "even"].indexOf(relation(t));
  const weight = (t) => first.get(t).items.length + second.get(t).items.length;
  shared.sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a));
  const pairs = shared.slice(from, from + limit).map((target) => ({
    target, relation: relation(target), items: [first, second].map((s) => bestItem(s.get(target))),
  }));
  return { count: shared.length, pairs };
}

async function drawComparison(from = 0) {
  const names = [byId("compare-first").value, byId("compare-second").value];
  const turn = (drawComparison.turn = (drawComparison.turn || 0) + 1);
  const found = await comparisonPage(...names, from, PAIRS);
  const pair = async ({ target, relation, items }) => {
    const cards = await Promise.all(items.map((item) => evidenceCard(item, { compact: true, brief: true })));
    for (const card of cards) card.removeAttribute("id");
    return el("section", { class: "pair" },
      el("h3", {}, el("span", { class: `tag ${relation}` }, say(relation)), " ", bdi(target)),
      el("div", { class: "two" }, cards.map((card, k) => el("div", {}, el("p", { class: "who" }, bdi(names[k])), card))));
  };
  const rows = await Promise.all(found.pairs.map(pair));
  if (turn !== drawComparison.turn) return;
  const all = rows.length ? [...rows, pager(from, PAIRS, found.count, drawComparison) || ""] : [el("p", { class: "empty" }, say("nothing_shared"))];
  byId("compare-result").replaceChildren(...all);
}

function startComparison() {
  const section = byId("compare");
  if (!section) return;
  const [first, second] = ["compare-first", "compare-second"].map(byId);
  for (const select of [first, second]) {
    select.append(...data.holders.map((name) => el("option", { value: name }, name)));
    select.addEventListener("change", () => drawComparison());
  }
  const pair = data.pairs[0] || [data.holders[0], data.holders[1]];
  [first.value, second.value] = pair;
  drawComparison();
}

// Dots and names in the charts open the evidence behind them.
function startCharts() {
  const open = ({ dataset }) => {
    const holder = JSON.parse(dataset.holder);
    openEvidence({ holder, targets: dataset.targets && JSON.parse(dataset.targets) }, [bdi(holder)]);
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
