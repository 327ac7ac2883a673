// The picture of the network on a canvas: moved, brought closer, searched, coloured; neighbours of what is chosen stand out.
// The table on the page holds the same without it. The data come from data-source of #network.
(() => {
  "use strict";
  const root = document.getElementById("network");
  if (!root || !window.fetch) return;
  const canvas = root.querySelector("canvas"), stage = root.querySelector(".network-stage");
  const pen = canvas.getContext("2d"), panel = root.querySelector(".network-panel");
  const legend = root.querySelector(".network-legend"), said = root.querySelector("[data-said]");
  const words = JSON.parse(document.getElementById("network-words").textContent);
  const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7a3e9d", "#666666"];
  const KINDS = { enterprise: "#0072b2", buyer: "#d55e00", institution: "#009e73", financier: "#8a6d00", cluster: "#7a3e9d", unnamed: "#666666", outside: "#999999" };
  const SHAPES = { buyer: "square", cluster: "diamond", institution: "triangle", financier: "triangle" };
  const SIZE = 1000;
  let net = null, near = [], shown = null, chosen = -1, colourBy = "community";
  let scale = 1, left = 0, top = 0, waiting = false;

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const say = (text, count) => { said.textContent = text.replace("{count}", new Intl.NumberFormat(document.documentElement.lang + "-u-nu-latn").format(count ?? 0)); };
  const colour = (one) => colourBy === "kind" ? KINDS[net.kinds[one]] || COLOURS[7] : COLOURS[Math.min(net.community[one], COLOURS.length - 1)];
  const px = (one) => net.x[one] * scale + left;
  const py = (one) => net.y[one] * scale + top;
  const radius = (one) => Math.max(1.5, net.r[one] * Math.sqrt(scale) * 1.15);

  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };

  const fit = () => {
    const width = stage.clientWidth, height = stage.clientHeight;
    const [west, east, north, south] = net && net.ids.length ? [Math.min(...net.x), Math.max(...net.x), Math.min(...net.y), Math.max(...net.y)] : [0, SIZE, 0, SIZE];
    // room on all sides for marks and for the names above them
    scale = Math.max(0.05, Math.min((width - Math.min(60, 0.1 * width)) / Math.max(1, east - west), (height - 60) / Math.max(1, south - north), 4));
    left = (width - (east + west) * scale) / 2;
    top = (height - (south + north) * scale) / 2 + 8;
    later();
  };

  const resize = () => {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(stage.clientWidth * ratio);
    canvas.height = Math.round(stage.clientHeight * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    later();
  };

  const lit = (one) => chosen < 0 ? (!shown || shown.has(one)) : (one === chosen || near[chosen].has(one));

  const lines = (wanted, ink, alpha, width) => {
    pen.strokeStyle = ink; pen.globalAlpha = alpha; pen.lineWidth = width;
    pen.beginPath();
    for (let tie = 0; tie < net.source.length; tie += 1) {
      const a = net.source[tie], b = net.target[tie];
      if (wanted(a, b)) { pen.moveTo(px(a), py(a)); pen.lineTo(px(b), py(b)); }
    }
    pen.stroke();
  };

  const mark = (one) => {
    const x = px(one), y = py(one), r = radius(one);
    const shape = SHAPES[net.kinds[one]];
    pen.beginPath();
    if (shape === "square") pen.rect(x - r, y - r, 2 * r, 2 * r);
    else if (shape === "diamond") { pen.moveTo(x, y - 1.3 * r); pen.lineTo(x + 1.3 * r, y); pen.lineTo(x, y + 1.3 * r); pen.lineTo(x - 1.3 * r, y); pen.closePath(); }
    else if (shape === "triangle") { pen.moveTo(x, y - 1.2 * r); pen.lineTo(x + 1.2 * r, y + r); pen.lineTo(x - 1.2 * r, y + r); pen.closePath(); }
    else pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.fill();
  };

  const draw = () => {
    if (!net) return;
    const width = stage.clientWidth, height = stage.clientHeight;
    pen.globalAlpha = 1;
    pen.fillStyle = style("--paper");
    pen.fillRect(0, 0, width, height);
    const ink = style("--muted"), many = net.source.length > 3000;
    if (chosen >= 0) {
      lines((a, b) => a !== chosen && b !== chosen, ink, 0.05, 0.6);
      lines((a, b) => a === chosen || b === chosen, style("--teal"), 0.9, 1.6);
    } else {
      lines((a, b) => net.community[a] !== net.community[b], ink, many ? 0.06 : 0.22, 0.7);
      lines((a, b) => net.community[a] === net.community[b], ink, many ? 0.3 : 0.45, 0.8);
    }
    for (let one = 0; one < net.ids.length; one += 1) {
      if (px(one) < -20 || px(one) > width + 20 || py(one) < -20 || py(one) > height + 20) continue;
      pen.globalAlpha = lit(one) ? 0.95 : 0.12;
      pen.fillStyle = colour(one);
      mark(one);
    }
    names(width, height);
  };

  const names = (width, height) => {
    const budget = chosen >= 0 ? 60 : Math.round(Math.min(90, 24 * Math.max(1, scale * SIZE / Math.min(width, height))));
    const taken = [];
    pen.font = "12px " + getComputedStyle(document.body).fontFamily;
    pen.textAlign = "center"; pen.lineWidth = 3; pen.lineJoin = "round"; pen.globalAlpha = 1;
    pen.strokeStyle = style("--paper"); pen.fillStyle = style("--ink");
    const order = chosen >= 0 ? [chosen, ...net.order.filter((one) => near[chosen].has(one))] : net.order.filter(lit);
    let written = 0;
    for (const one of order) {
      if (written >= budget) break;
      const name = net.names[one].length > 30 ? net.names[one].slice(0, 29) + "…" : net.names[one];
      const half = pen.measureText(name).width / 2 + 2;
      const y = py(one) - radius(one) - 4;
      if (px(one) < 0 || px(one) > width || y < 0 || y > height + 20) continue;
      const x = Math.min(Math.max(px(one), half + 2), width - half - 2);
      if (taken.some((box) => Math.abs(box.x - x) < box.half + half && Math.abs(box.y - y) < 15)) continue;
      taken.push({ x, y, half });
      pen.direction = /[\u0600-\u06ff]/.test(name) ? "rtl" : "ltr";
      pen.strokeText(name, x, y); pen.fillText(name, x, y);
      written += 1;
    }
  };

  // what is chosen
  const choose = (one) => {
    chosen = one;
    panel.hidden = one < 0;
    if (one >= 0) {
      panel.querySelector("h2").textContent = net.names[one];
      const count = new Intl.NumberFormat(document.documentElement.lang + "-u-nu-latn").format(near[one].size);
      panel.querySelector("p").textContent = `${net.kindWords[net.kinds[one]]} · ${words.ties.replace("{count}", count)}`;
      const open = panel.querySelector(".network-open");
      const linked = !["unnamed", "outside", "cluster"].includes(net.kinds[one]);
      open.parentElement.hidden = !linked;
      open.href = root.dataset.node.replace("NODE", net.ids[one].split("/").map(encodeURIComponent).join("/"));
      const list = panel.querySelector("ul");
      list.replaceChildren(...[...near[one]].sort((a, b) => net.degree[b] - net.degree[a]).slice(0, 40).map((other) => {
        const item = document.createElement("li"), button = document.createElement("button");
        button.type = "button"; button.textContent = net.names[other];
        button.addEventListener("click", () => { choose(other); reveal([other]); });
        item.append(button);
        return item;
      }));
      said.textContent = `${net.names[one]}: ${words.ties.replace("{count}", count)}`;
    } else said.textContent = words.cleared;
    later();
  };

  const reveal = (some) => {
    if (!some.length) return;
    const xs = some.map((one) => net.x[one]), ys = some.map((one) => net.y[one]);
    const width = stage.clientWidth, height = stage.clientHeight;
    const across = Math.max(...xs) - Math.min(...xs), along = Math.max(...ys) - Math.min(...ys);
    if (some.length > 1) scale = Math.min(8, Math.max(Math.min(width, height) / SIZE, 0.8 * Math.min(width / (across + 60), height / (along + 60))));
    left = width / 2 - scale * (Math.max(...xs) + Math.min(...xs)) / 2;
    top = height / 2 - scale * (Math.max(...ys) + Math.min(...ys)) / 2;
    later();
  };

  // filters of the form work on the picture at once; the form itself narrows the table
  const plain = (text) => text.normalize("NFKD").replace(/[\u064b-\u0652\u0300-\u036f\u0640]/g, "").replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").toLowerCase();
  const narrow = (text, kind, community) => {
    const wanted = plain(text || "");
    if (!wanted && !kind && community === "") { shown = null; later(); return; }
    shown = new Set(net.ids.keys());
    for (const one of net.ids.keys()) {
      if ((wanted && !net.plain[one].includes(wanted)) || (kind && net.kinds[one] !== kind) || (community !== "" && net.community[one] !== Number(community))) shown.delete(one);
    }
    if (shown.size) say(words.found, shown.size); else said.textContent = words.none;
    chosen = -1; panel.hidden = true;
    if (shown.size && shown.size <= 200) reveal([...shown]); else later();
  };

  const zoom = (by, x = stage.clientWidth / 2, y = stage.clientHeight / 2) => {
    const next = Math.min(40, Math.max(0.1, scale * by));
    left = x - (x - left) * next / scale;
    top = y - (y - top) * next / scale;
    scale = next;
    later();
  };

  const at = (x, y) => {
    let best = -1, least = 14;
    for (let one = 0; one < net.ids.length; one += 1) {
      const away = Math.hypot(px(one) - x, py(one) - y) - radius(one);
      if (away < least) { least = away; best = one; }
    }
    return best;
  };

  // the communities that have a colour of their own, and one entry for the rest
  const communities = () => {
    const plain = new Intl.NumberFormat(document.documentElement.lang + "-u-nu-latn"), last = COLOURS.length - 1;
    const found = [...new Set(net.community)].sort((a, b) => a - b);
    const own = found.filter((one) => one < last).map((one) => [words.community.replace("{number}", plain.format(one)), COLOURS[one]]);
    return found.some((one) => one >= last) ? [...own, [words.others, COLOURS[last]]] : own;
  };

  const showLegend = () => {
    const entries = colourBy === "kind"
      ? [...new Set(net.kinds)].map((kind) => [net.kindWords[kind], KINDS[kind]])
      : [...Object.entries(net.kindWords).filter(([kind]) => net.kinds.includes(kind)).map(([kind, word]) => [word, style("--edge"), SHAPES[kind]]), ...communities()];
    legend.replaceChildren(...entries.map(([word, ink, shape]) => {
      const item = document.createElement("span"), picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      picture.setAttribute("viewBox", "0 0 12 12");
      const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
      drawn.setAttribute("d", { square: "M1 1H11V11H1Z", diamond: "M6 0L12 6L6 12L0 6Z", triangle: "M6 0L12 11H0Z" }[shape] || "M6 0A6 6 0 1 1 5.9 0Z");
      drawn.setAttribute("fill", ink);
      picture.append(drawn);
      item.append(picture, word);
      return item;
    }));
  };

  const save = () => canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "network.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }, "image/png");

  root.querySelector(".network-tools").addEventListener("click", (event) => {
    const act = event.target.closest("button[data-act]")?.dataset.act;
    if (!net || !act) return;
    ({ in: () => zoom(1.4), out: () => zoom(1 / 1.4), whole: () => { choose(-1); fit(); }, png: save })[act]();
  });
  root.querySelector("[data-act=colour]").addEventListener("change", (event) => { colourBy = event.target.value; showLegend(); later(); });

  // pointers: one moves the picture, two bring it closer, a press without moving chooses
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, [event.offsetX, event.offsetY]); moved = 0; canvas.classList.add("moving"); });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !net) return;
    const now = [event.offsetX, event.offsetY];
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (fingers.size === 1) { left += now[0] - before[0]; top += now[1] - before[1]; later(); }
    else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const was = Math.hypot(before[0] - other[0], before[1] - other[1]), is = Math.hypot(now[0] - other[0], now[1] - other[1]);
      if (was > 0) zoom(is / was, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    fingers.set(event.pointerId, now);
  });
  const lift = (event) => {
    if (fingers.delete(event.pointerId) && net && moved < 5 && event.type === "pointerup") choose(at(event.offsetX, event.offsetY));
    if (!fingers.size) canvas.classList.remove("moving");
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("wheel", (event) => { if (!net || !(event.ctrlKey || document.activeElement === canvas)) return; event.preventDefault(); zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.offsetX, event.offsetY); }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (!net || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60, act = { ArrowLeft: () => { left += step; }, ArrowRight: () => { left -= step; }, ArrowUp: () => { top += step; }, ArrowDown: () => { top -= step; }, "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fit, Escape: () => choose(-1), Enter: () => choose(at(stage.clientWidth / 2, stage.clientHeight / 2)) }[event.key];
    if (!act) return;
    event.preventDefault();
    act(); later();
  });
  const search = document.getElementById("q");
  search?.addEventListener("input", () => { if (net) narrow(search.value, document.getElementById("kind").value, document.getElementById("community").value); });

  fetch(root.dataset.source, { credentials: "same-origin" }).then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); }).then((found) => {
    net = found;
    net.plain = net.names.map((name, one) => plain(name + " " + net.ids[one]));
    net.order = [...net.ids.keys()].sort((a, b) => net.degree[b] - net.degree[a]);
    near = net.ids.map(() => new Set());
    net.source.forEach((one, tie) => { const other = net.target[tie]; if (one !== other) { near[one].add(other); near[other].add(one); } });
    resize(); fit(); showLegend();
    if (root.dataset.text || root.dataset.kind || root.dataset.community) narrow(root.dataset.text, root.dataset.kind, root.dataset.community);
    new ResizeObserver(resize).observe(stage);
  }).catch(() => { said.textContent = words.failed; stage.hidden = true; });
})();
