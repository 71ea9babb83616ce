// The document view: the whole text with overlapping highlights, and notes in the margin.

const reader = { number: 0, items: [] };

function readerLayers(doc, items) {
  return [
    ...doc.quotes.map(([start, end, holder]) => ({ start, end, class: "quote", title: holder ? say("quote_of", { name: holder }) : say("quote_unknown") })),
    ...doc.mentions.map(([start, end, type, name]) => ({ start, end, class: `mention ${type}`, title: `${say(`type_${type}`)} · ${name}` })),
    ...items.flatMap(stanceLayers),
  ];
}

function marginNote(item) {
  return el("li", { class: item.polarity, "data-number": item.number },
    el("a", { href: `#d${item.article}:${item.start}-${item.end}` },
      el("b", {}, bdi(item.holder)), " ", el("span", { class: `verb ${item.polarity}` }, polarityName(item)), " ", bdi(item.target)),
    el("button", { type: "button", class: "open", title: say("open_evidence"), "aria-label": say("open_evidence"),
      on: { click: () => openEvidence({ items: [item] }, [say("section_evidence")]) } }, "…"));
}

function blockNode(doc, [kind, start, end], layers, items, speaker) {
  const tag = kind === "heading" ? "h3" : "p";
  const notes = items.filter((e) => e.start >= start && e.start < end);
  return el("div", { class: `block ${kind}`, id: `b${doc.number}-${start}`, "data-start": start, "data-end": end },
    speaker ? el("p", { class: "speaker" }, bdi(speaker)) : null,
    el(tag, { class: "body" }, renderText(doc, start, end, layers, true),
      el("a", { class: "anchor", href: `#d${doc.number}:${start}`, "aria-label": say("link_here") }, "¶")),
    notes.length ? el("ul", { class: "notes" }, notes.map(marginNote)) : null);
}

async function openReader(number, from, to) {
  const doc = await getDocument(number);
  const article = articleAt(number);
  if (reader.number !== number) {
    const items = evidenceIn(doc);
    const layers = readerLayers(doc, items);
    const spoken = new Set();
    const speakerAt = (block) => {
      const turn = doc.turns.findIndex(([, start, end]) => start < block[2] && block[1] < end);
      if (turn < 0 || spoken.has(turn)) return null;
      spoken.add(turn);
      return doc.turns[turn][0];
    };
    byId("reader-title").textContent = plain(article.title);
    byId("reader-facts").textContent = plain([article.author, article.date, say("n_characters", { n: article.characters.toLocaleString() }), article.sources.join(" ")].filter(Boolean).join(" · "));
    byId("reader-text").setAttribute("lang", languageOf(number));
    byId("reader-text").replaceChildren(...doc.blocks.map((b) => blockNode(doc, b, layers, items, speakerAt(b))));
    Object.assign(reader, { number, items });
  }
  byId("report").hidden = true;
  byId("reader").hidden = false;
  document.title = `${plain(article.title)} · ${data.title}`;
  showPlace(number, from, to);
}

function showPlace(number, from, to) {
  for (const old of document.querySelectorAll("#reader .here")) old.classList.remove("here");
  const blocks = [...document.querySelectorAll("#reader-text > .block")];
  const block = blocks.find((b) => Number(b.dataset.start) <= from && from < Number(b.dataset.end));
  if (from === undefined || !block) {
    window.scrollTo(0, 0);
    byId("reader-title").focus();
    return;
  }
  const item = reader.items.find((e) => e.start === from && e.end === to);
  const marks = item ? block.querySelectorAll(`[data-evidence~="${item.number}"]`) : [];
  for (const mark of marks) mark.classList.add("here");
  if (!marks.length) block.classList.add("here");
  (marks[0] || block).scrollIntoView({ block: "center" });
}

function closeReader() {
  byId("reader").hidden = true;
  byId("report").hidden = false;
  document.title = data.title;
}

function startReader() {
  for (const radio of document.querySelectorAll("#reader-tools input[name=mode]")) {
    radio.addEventListener("change", () => byId("reader-text").setAttribute("data-mode", radio.value));
  }
  for (const box of document.querySelectorAll("#reader-tools input[type=checkbox]")) {
    box.addEventListener("change", () => byId("reader-text").classList.toggle(`no-${box.value}`, !box.checked));
  }
  byId("reader-text").addEventListener("click", (event) => {
    const mark = event.target.closest("[data-evidence]");
    if (!mark || !window.getSelection().isCollapsed) return;
    const numbers = mark.dataset.evidence.split(" ").map(Number);
    openEvidence({ items: reader.items.filter((e) => numbers.includes(e.number)) }, [say("section_evidence")]);
  });
}
