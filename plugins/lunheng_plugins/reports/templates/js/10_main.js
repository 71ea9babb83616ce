// Starts the page and follows its address: #d3 opens article 3, #d3:120-140 a place in it.

let collator = null;
let place = 0;

function follow() {
  const found = /^#d(\d+)(?::(\d+)(?:-(\d+))?)?$/.exec(location.hash);
  if (found && found[1] > 0 && found[1] <= data.count) {
    if (byId("reader").hidden) place = window.scrollY;
    if (byId("evidence").open) byId("evidence").close();
    return openReader(Number(found[1]), found[2] && Number(found[2]), found[3] && Number(found[3]));
  }
  if (!byId("reader").hidden) {
    closeReader();
    const section = location.hash.length > 1 && byId(location.hash.slice(1));
    if (section) section.scrollIntoView();
    else window.scrollTo(0, place);
  }
  return null;
}

function startTheme() {
  const button = byId("theme");
  const root = document.documentElement;
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => button.setAttribute("aria-pressed", String(dark()));
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    label();
  });
  label();
}

async function start() {
  data = await unpack("data");
  if (!data.live) {
    for (const article of data.articles) articles.set(article.number, article);
    data.evidence.strings.forEach(numberOf);
    data.evidence = readEvidence(data.evidence);
    data.evidence.forEach(enrol);
  }
  collator = new Intl.Collator(document.documentElement.lang);
  startTheme();
  startMatrix();
  startComparison();
  startCharts();
  startTables();
  startReader();
  startTray();
  byId("evidence-close").addEventListener("click", () => byId("evidence").close());
  byId("evidence").addEventListener("click", (event) => {
    if (event.target === byId("evidence")) byId("evidence").close();
  });
  window.addEventListener("hashchange", follow);
  await follow();
  document.documentElement.dataset.ready = "true";
}

start();
