// Renders a stretch of a document: overlapping highlights, cleaned characters and the original's.

const LANGUAGE = { simplified: "zh-Hans", traditional: "zh-Hant" };
const languageOf = (number) => LANGUAGE[articleAt(number)?.script] || "zh";

// Layers are {start, end, class, title}; they may overlap in any way.
function renderText(doc, start, end, layers, closesBlock = false) {
  const inside = layers.filter((l) => l.start < end && start < l.end);
  const changes = doc.changes.filter(
    ([a, b]) => (a < b ? a < end && start < b : (start < a && a < end) || (a === end && closesBlock)),
  );
  const cuts = new Set([start, end]);
  for (const l of inside) cuts.add(Math.max(start, l.start)).add(Math.min(end, l.end));
  for (const [a, b] of changes) cuts.add(Math.max(start, a)).add(Math.min(end, b));
  const edges = [...cuts].sort((x, y) => x - y);
  const out = document.createDocumentFragment();
  const covering = (from, to) => inside.filter((l) => l.start <= from && to <= l.end);
  edges.forEach((from, k) => {
    for (const [a, b, before] of changes) {
      if (a !== b || a !== from) continue;
      out.append(marked([was(before)], inside.filter((l) => l.start < a && a < l.end)));
    }
    if (k + 1 === edges.length) return;
    const to = edges[k + 1];
    const change = changes.find(([a, b]) => a < b && a <= from && to <= b);
    const text = plain(doc.text.slice(from, to));
    const first = change && change[0] === from && change[2] ? [was(change[2])] : [];
    out.append(marked(change ? [...first, el("ins", { class: "now" }, text)] : [text], covering(from, to)));
  });
  return out;
}

const was = (text) => el("del", { class: "was" }, text);

// Wraps some content in one element that carries all the layers over it.
function marked(content, layers) {
  if (!layers.length) {
    const bare = document.createDocumentFragment();
    bare.append(...content);
    return bare;
  }
  const titles = layers.map((l) => l.title).filter(Boolean);
  return el(
    "span",
    {
      class: layers.map((l) => l.class).join(" "),
      title: titles.length ? plain(titles.join("；")) : null,
      "data-evidence": layers.map((l) => l.evidence).filter(Boolean).join(" ") || null,
    },
    ...content,
  );
}

const changed = (doc, start, end) => doc.changes.some(([a, b]) => a < end && start < b);

function stanceLayers(item) {
  return [
    { start: item.start, end: item.end, class: `stance ${item.polarity}`, evidence: item.number },
    ...item.cues.map(([a, b, rule]) => ({ start: a, end: b, class: "cue", title: `${say("cue")} ${rule}` })),
  ];
}
