// The analyst's word: decisions on stances and names, kept here until they are handed over. A page
// that is served hands each over at once; a page in a file collects them for `lunheng correct`.

const FILE = "corrections.json";
const decisions = { stance: new Map(), name: new Map(), ignore: new Set() };
const store = `lunheng ${location.pathname}`;

const decided = () => decisions.stance.size + decisions.name.size + decisions.ignore.size;
const asFile = () => ({
  stance: [...decisions.stance.values()],
  name: [...decisions.name.values()],
  ignore: [...decisions.ignore],
});

// A page in a file may have no storage; then what was decided lasts as long as the page.
function remember() {
  try {
    if (decided()) localStorage.setItem(store, JSON.stringify(asFile()));
    else localStorage.removeItem(store);
  } catch {
    return;
  }
}

function recall() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(store));
  } catch {
    return;
  }
  if (!kept) return;
  const known = new Set(data.evidence.map((e) => e.stance));
  for (const d of kept.stance) if (known.has(d.id)) decisions.stance.set(d.id, d);
  for (const d of kept.name) decisions.name.set(d.name, d);
  for (const d of kept.ignore) decisions.ignore.add(d);
}

async function send(body) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const answer = await fetch("corrections", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
}

// Takes a decision and returns what to say of it; `undone` takes one back.
async function decide(body, undone = false) {
  if (data.live) {
    try {
      await send(undone ? { undo: body } : body);
    } catch (error) {
      return say("not_saved", { message: error.message });
    }
    byId("tray-count").textContent = say("tray_saved");
    byId("tray").hidden = false;
    return null;
  }
  for (const d of body.stance || []) undone ? decisions.stance.delete(d.id) : decisions.stance.set(d.id, d);
  for (const d of body.name || []) undone ? decisions.name.delete(d.name) : decisions.name.set(d.name, d);
  for (const d of body.ignore || []) undone ? decisions.ignore.delete(d) : decisions.ignore.add(d);
  remember();
  drawTray();
  return null;
}

function drawTray() {
  byId("tray").hidden = !decided();
  byId("tray-count").textContent = say("tray_prepared", { n: decided() });
}

function download() {
  const blob = new Blob([JSON.stringify(asFile(), null, 1)], { type: "application/json" });
  const link = el("a", { href: URL.createObjectURL(blob), download: FILE });
  link.click();
  URL.revokeObjectURL(link.href);
}

function startTray() {
  if (data.live) {
    byId("tray-reload").addEventListener("click", () => location.reload());
    return;
  }
  recall();
  byId("tray-command").textContent = `lunheng correct ${data.study} --import ${FILE}`;
  byId("tray-download").addEventListener("click", download);
  byId("tray-clear").addEventListener("click", () => {
    for (const part of Object.values(decisions)) part.clear();
    remember();
    drawTray();
    for (const bar of document.querySelectorAll(".judge")) bar.redraw();
  });
  drawTray();
}

// What the page calls the author of an article; in the study the name of that holder is empty.
const authorOf = (item) => articleOf(item).author || say("unnamed", { n: item.article });

const field = (label, input) => el("label", {}, el("span", {}, label), input);
const choice = (values, chosen, name) =>
  el("select", {}, values.map((v) => el("option", { value: v, selected: v === chosen }, name(v))));

// The bar under a piece of evidence: confirm, change, reject; or what was decided, and undo.
function judgeBar(item) {
  const bar = el("div", { class: "judge" });
  const complain = (message) => bar.append(el("p", { class: "complaint", role: "alert" }, message));
  const take = async (verdict, to = {}) => {
    const failed = await decide({ stance: [{ id: item.stance, verdict, to }] });
    if (failed) return complain(failed);
    if (data.live) {
      item.verdict = verdict;
      item.counted = verdict !== "rejected";
      Object.assign(item, to);
      item.holder ||= authorOf(item);
      drawMatrix();
    }
    return bar.redraw();
  };
  const undo = async () => {
    const failed = await decide({ stance: [{ id: item.stance }] }, true);
    if (failed) return complain(failed);
    if (data.live) item.verdict = null;
    return bar.redraw();
  };
  const button = (key, handler) => el("button", { type: "button", class: key, on: { click: handler } }, say(`judge_${key}`));
  const form = () => {
    const holder = el("input", { type: "text", value: item.holder, list: "known-holders" });
    const target = el("input", { type: "text", value: item.target, list: "known-targets" });
    const polarity = choice(["favor", "against", "neutral"], item.polarity, say);
    const save = (event) => {
      event.preventDefault();
      const to = {};
      if (holder.value !== item.holder) to.holder = holder.value === authorOf(item) ? "" : holder.value;
      if (target.value !== item.target) to.target = data.stored[target.value] ?? target.value;
      if (polarity.value !== item.polarity) to.polarity = polarity.value;
      return Object.keys(to).length ? take("changed", to) : take("confirmed");
    };
    bar.replaceChildren(el("form", { class: "filters", on: { submit: save } },
      field(say("col_holder"), holder), field(say("col_polarity"), polarity), field(say("col_target"), target),
      el("button", { type: "submit" }, say("save")), button("cancel", () => bar.redraw())));
    holder.focus();
  };
  bar.redraw = () => {
    const all = [button("confirm", () => take("confirmed")), button("change", form), button("reject", () => take("rejected"))];
    const now = decisions.stance.get(item.stance) || (item.verdict ? item : null);
    if (!now) return bar.replaceChildren(...all);
    const told = ["holder", "polarity", "target"].map((k) => now.to?.[k]).filter((v) => v !== undefined)
      .map((v) => (v === "favor" || v === "against" || v === "neutral" ? say(v) : v)).join(" ");
    const pending = decisions.stance.has(item.stance);
    const verdict = el("span", { class: "chip human" }, say(`verdict_${now.verdict}`), told ? ` ${told}` : "");
    return bar.replaceChildren(verdict, ...(pending || data.live ? [button("undo", undo)] : all));
  };
  bar.redraw();
  return bar;
}

// The form for a name in the list of entities: its aliases, its type, or that it is none.
function nameForm(entity, close) {
  const name = el("input", { type: "text", value: entity.name });
  const aliases = el("input", { type: "text", value: entity.aliases.join("、") });
  const type = choice(["PERSON", "ORG", "PRODUCT", "WORK", "PLACE"], entity.type, (t) => say(`type_${t}`));
  const out = el("p", { class: "complaint", role: "alert", hidden: true });
  const finish = async (body) => {
    const failed = await decide(body);
    out.hidden = !failed;
    out.textContent = failed || "";
    if (!failed) close();
  };
  const save = (event) => {
    event.preventDefault();
    const all = aliases.value.split(/[、,，;；]/).map((a) => a.trim()).filter(Boolean);
    if (name.value.trim() !== entity.name) all.push(entity.name);
    finish({ name: [{ name: name.value.trim(), type: type.value, aliases: all }] });
  };
  return el("form", { class: "filters", on: { submit: save } },
    field(say("col_name"), name), field(say("col_type"), type), field(say("col_aliases"), aliases),
    el("button", { type: "submit" }, say("save")),
    el("button", { type: "button", on: { click: () => finish({ ignore: [entity.name] }) } }, say("not_a_name")),
    el("button", { type: "button", on: { click: close } }, say("judge_cancel")), out);
}
