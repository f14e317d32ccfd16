// The moving parts of a Heddle report. The address says what is shown:
//   #s1            the first scenario
//   #s1f2/7        step 7 of its second finding's order;  #s1o1/7 of a sample order of its first outcome
//   #s1f2/9/3/1.0-2.0   the order that leaves the finding's after step 3: thread 1 takes choice 0, then thread 2; step 9 of it
// All texts are put in as text, never as markup. How the data is laid out is said in PageScenario.swift.
"use strict";
(() => {
  const scenarios = JSON.parse(document.getElementById("data").textContent);
  const body = document.body;
  const announcement = document.getElementById("announcement");
  const mostLanes = 4;
  let shown = null; // the order that is on the page, with its elements

  // MARK: Elements

  function element(name, properties = {}, ...children) {
    const result = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) result.addEventListener(key.slice(2), value);
      else result.setAttribute(key, value === true ? "" : value);
    }
    result.append(...children.filter((child) => child !== null && child !== ""));
    return result;
  }

  function drawn(name, properties, ...children) {
    const result = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(properties)) result.setAttribute(key, value);
    result.append(...children);
    return result;
  }

  // A sentence in which code stands in backquotes.
  function sentence(text) {
    return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
  }

  // A text that is too long without its middle, as names often differ at their ends.
  function shortened(text, most) {
    const characters = [...text];
    return characters.length <= most ? text : [...characters.slice(0, most - 7), "…", ...characters.slice(-6)].join("");
  }

  // MARK: States

  const conditions = ["not started", "ready", "blocked", "ended"];

  function changed(state, change, from) {
    const result = state.slice();
    for (let index = from; index < change.length; index += 2) result[change[index]] = change[index + 1];
    return result;
  }

  function threadIn(scenario, state, thread) {
    const slot = scenario.variables.length + scenario.objects.length + thread;
    const [condition, statement, holds, waitsFor] = scenario.statuses[state[slot]];
    return { condition, statement, holds: scenario.texts[holds], waitsFor: scenario.texts[waitsFor] };
  }

  // The state of a node of the graph, by the way it was discovered.
  function stateOf(scenario, node) {
    const path = [];
    for (let at = node; at >= 0; ) {
      path.push(at);
      const edge = scenario.discoveries[at];
      at = edge < 0 ? -1 : scenario.sources[edge];
    }
    return path.reverse().reduce((state, at) => changed(state, scenario.graph.nodes[at], 2), scenario.base);
  }

  // Unfolds the graph, once: its edges with names, the source of each edge, and the edge by which each node was discovered,
  // the first that leads to it; -1 for a beginning.
  function prepare(scenario) {
    const { graph } = scenario;
    if (!graph || scenario.edges) return;
    scenario.edges = graph.edges.map(([thread, target, effect, choice = 0, flags = 0, ...keys]) =>
      ({ thread, choice, target, effect: scenario.texts[effect], sleeps: (flags & 1) > 0, excluded: (flags & 2) > 0, keys }));
    scenario.sources = [];
    scenario.firstEdges = [];
    graph.nodes.forEach((node, number) => {
      scenario.firstEdges.push(scenario.sources.length);
      for (let index = 0; index < node[0]; index += 1) scenario.sources.push(number);
    });
    scenario.discoveries = graph.nodes.map(() => null);
    for (const node of graph.beginnings) if (node >= 0) scenario.discoveries[node] = -1;
    scenario.edges.forEach(({ target }, number) => {
      if (target >= 0) scenario.discoveries[target] ??= number;
    });
  }

  function edgesOf(scenario, node) {
    if (!scenario.graph || node === null || node < 0) return [];
    const first = scenario.firstEdges[node];
    return scenario.edges.slice(first, first + scenario.graph.nodes[node][0]);
  }

  function edgeOf(scenario, node, thread, choice) {
    return edgesOf(scenario, node).find((edge) => edge.thread === thread && edge.choice === choice);
  }

  // MARK: Orders

  // states[n] is the state after step n, nodes[n] its number in the graph, or null.
  function orderOfFinding(scenario, data) {
    const order = {
      id: data.id, scenario, loop: data.loop, watched: data.watched, ending: data.ending, waiting: data.waiting,
      schedule: data.schedule, states: [data.initial], nodes: [null], steps: [], fork: null,
    };
    if (scenario.graph) order.nodes[0] = scenario.graph.beginnings[data.start];
    for (const [thread, choice, statement, effect, flags, ...change] of data.steps) {
      const last = order.steps.length;
      const edge = edgeOf(scenario, order.nodes[last], thread, choice);
      order.steps.push({
        thread, choice, statement, effect: scenario.texts[effect], preempts: (flags & 1) > 0, bad: (flags & 2) > 0,
        keys: edge ? edge.keys : [],
      });
      order.states.push(changed(order.states[last], change, 0));
      order.nodes.push(edge ? edge.target : null);
    }
    return order;
  }

  function emptyOrder(scenario, id, start) {
    return {
      id, scenario, loop: null, watched: [], ending: [], waiting: null, schedule: null, steps: [], fork: null,
      states: [stateOf(scenario, start)], nodes: [start],
    };
  }

  // A shortest order to the state in which the runs of an outcome end.
  function orderOfOutcome(scenario, number, id) {
    const edges = [];
    let node = scenario.graph.outcomes[number][0];
    for (let edge = scenario.discoveries[node]; edge >= 0; edge = scenario.discoveries[node]) {
      edges.unshift(scenario.edges[edge]);
      node = scenario.sources[edge];
    }
    const order = emptyOrder(scenario, id, node);
    order.watched = scenario.variables.map((_, index) => index).slice(0, 3);
    for (const edge of edges) take(order, edge);
    return order;
  }

  function isPreemption(order, edge) {
    const last = order.steps[order.steps.length - 1];
    if (!last || last.thread === edge.thread) return false;
    return edgesOf(order.scenario, order.nodes[order.nodes.length - 1])
      .some((other) => other.thread === last.thread && !other.sleeps);
  }

  // Adds a step of the graph to an order.
  function take(order, edge) {
    const { scenario, states, nodes, steps } = order;
    const before = states[states.length - 1];
    const { thread, choice, target, effect, excluded, keys } = edge;
    steps.push({
      thread, choice, statement: threadIn(scenario, before, thread).statement, effect,
      preempts: isPreemption(order, edge), bad: keys.length > 0, excluded, keys,
    });
    states.push(target < 0 ? before : stateOf(scenario, target));
    nodes.push(target);
  }

  // The order up to a step, and from there on the given steps.
  function forked(order, at, ways) {
    const result = {
      ...order, loop: null, ending: [], schedule: null, fork: at,
      steps: order.steps.slice(0, at), states: order.states.slice(0, at + 1), nodes: order.nodes.slice(0, at + 1),
    };
    for (const way of ways) {
      const [thread, choice] = way.split(".").map(Number);
      const edge = edgeOf(order.scenario, result.nodes[result.nodes.length - 1], thread, choice);
      if (!edge) break;
      take(result, edge);
    }
    return result;
  }

  function scheduleOf(order) {
    const words = order.steps.map((step) => order.scenario.threads[step.thread] + (step.choice ? `:${step.choice}` : ""));
    return order.schedule ?? words.join(" ");
  }

  // MARK: Verdicts

  function keyTitle(scenario, key) { return scenario.graph.keys[key][1]; }

  // What the orders from a node on lead to: a class and a sentence.
  function verdictOf(scenario, node, withOwn = true) {
    const prospect = scenario.graph.prospects[scenario.graph.nodes[node][1]];
    const [orders, bad, undecided, ...counts] = scenario.graph.verdicts[prospect[withOwn ? 0 : 1]];
    const parts = [];
    for (let index = 0; index < counts.length; index += 2) {
      const title = keyTitle(scenario, counts[index]);
      parts.push(orders === "" || orders === "1" ? title : `${counts[index + 1] === orders ? "all" : counts[index + 1]}: ${title}`);
    }
    if (orders === "") {
      if (undecided) return ["open", `some run never ends, which may go wrong${parts.length ? "; some orders: " + parts.join(", ") : ""}`];
      return parts.length ? ["wrong", `some orders go wrong: ${parts.join(", ")}`] : ["good", "every order passes; some run never ends"];
    }
    if (orders === "0") return ["open", "no run goes on from here: an `assume` fails in all of them"];
    if (bad === "0") return ["good", orders === "1" ? "the only order passes" : `every order passes (${orders})`];
    if (orders === "1") return ["wrong", `the only order goes wrong: ${parts.join(", ")}`];
    const share = bad === orders ? `all ${orders} orders go wrong` : `${bad} of ${orders} orders go wrong`;
    return ["wrong", `${share}; ${parts.join(", ")}`];
  }

  function verdictOfEdge(scenario, edge) {
    const { target, excluded, keys } = edge;
    if (excluded) return ["open", "not a run: an `assume` fails"];
    const own = keys.map((key) => keyTitle(scenario, key)).join(", ");
    if (target < 0) return own ? ["wrong", `ends the run: ${own}`] : ["open", "ends the run"];
    const [kind, text] = verdictOf(scenario, target);
    return own ? ["wrong", `this very step: ${own}; then ${text}`] : [kind, text];
  }

  // MARK: Lanes

  function lanesOf(order) {
    const seen = new Set(order.steps.map((step) => step.thread));
    for (const row of order.ending) for (const entry of row.entries ?? []) seen.add(entry[0]);
    return [...seen].sort((left, right) => left - right);
  }

  function content(scenario, thread, line, source, effect, bad) {
    return [
      element("span", { class: "who" }, scenario.threads[thread]),
      element("span", { class: "source-line" }, element("span", { class: "hidden" }, "line "), String(line)),
      element("code", {}, source),
      effect ? element("span", { class: "effect" }, effect) : "",
      bad ? element("span", { class: "flag" }, "✗ goes wrong here") : "",
    ];
  }

  function lanesTable(order) {
    const { scenario } = order;
    const lanes = lanesOf(order);
    const many = lanes.length > mostLanes;
    const columns = 1 + order.watched.length + lanes.length + (many ? 1 : 0);
    const head = element("tr", {}, element("th", { scope: "col", class: "number" }, "step"));
    for (const variable of order.watched) head.append(element("th", { scope: "col", class: "number" }, scenario.variables[variable]));
    for (const lane of lanes) {
      const name = scenario.threads[lane];
      head.append(element("th", { scope: "col", class: "lane", title: name }, element("span", {}, many ? shortened(name, 22) : name)));
    }
    if (many) head.append(element("th", { scope: "col" }, "what happens"));
    const rows = element("tbody");
    const laneClass = (state, lane) => ["gone", "", "blocked", "gone"][threadIn(scenario, state, lane).condition];
    const values = (state) => order.watched.map((variable) => {
      const value = scenario.texts[state[variable]];
      return element("td", { class: "number value", "data-name": scenario.variables[variable], title: value }, shortened(value, 20));
    });
    const cells = (state, parts) => {
      const result = lanes.map((lane) => {
        const part = parts.find((other) => other.thread === lane);
        const kind = part ? "active" : laneClass(state, lane);
        return element("td", { class: `lane ${kind}` }, ...(part && !many ? part.content : []));
      });
      if (many) result.push(element("td", {}, ...parts.map((part) => element("div", {}, ...part.content))));
      return result;
    };
    const across = (kind, ...text) => rows.append(element("tr", { class: kind }, element("td", { colspan: columns }, ...text)));
    const stepRows = [null];
    order.steps.forEach((step, index) => {
      const number = index + 1;
      if (order.fork === index) across("mark", "from here on another order");
      if (step.preempts) across("preempted", `${scenario.threads[order.steps[index - 1].thread]} is preempted`);
      if (order.loop === number) across("mark", "from here on for ever:");
      const [line, , text] = scenario.statements[step.statement];
      const part = { thread: step.thread, content: content(scenario, step.thread, line, scenario.texts[text], step.effect, step.bad) };
      const state = order.states[number];
      const looping = order.loop !== null && number >= order.loop;
      const row = element("tr", { class: `${step.bad ? "bad" : ""} ${looping ? "loop" : ""}`, onclick: () => goTo(number) },
        element("th", { scope: "row", class: "number" },
          element("a", { href: address(order, number), "aria-label": `step ${number}` }, String(number))),
        ...values(state), ...cells(state, [part]));
      stepRows.push(row);
      rows.append(row);
    });
    const last = order.states[order.states.length - 1];
    if (order.loop !== null) across("mark", `↻ repeats from step ${order.loop}, for ever`);
    for (const row of order.ending) {
      if (row.note) {
        if (order.loop === null) across("mark", `✗ ${row.note}`);
        continue;
      }
      const parts = row.entries.map(([thread, line, source, effect]) => ({ thread, content: content(scenario, thread, line, source, effect, false) }));
      rows.append(element("tr", { class: "ending bad" },
        element("th", { scope: "row", class: "number" }, row.label ? `${row.label} ✗` : "✗"), ...values(last), ...cells(last, parts)));
    }
    const table = element("table", { class: `lanes ${many ? "many" : ""}` },
      element("caption", { class: "hidden" }, "The steps in order, with a column for each thread"), element("thead", {}, head), rows);
    return { table, stepRows };
  }

  // MARK: Panels

  function valuesPanel(order, step) {
    const { scenario } = order;
    const state = order.states[step];
    const before = order.states[Math.max(0, step - 1)];
    const rows = [];
    const names = [...scenario.variables, ...scenario.objects];
    names.forEach((name, slot) => {
      const differs = state[slot] !== before[slot];
      rows.push(element("tr", {}, element("th", { scope: "row" }, name),
        element("td", { class: differs ? "changed" : "" },
          differs ? element("span", { class: "was" }, `${scenario.texts[before[slot]]} → `) : "", scenario.texts[state[slot]])));
    });
    scenario.threads.forEach((name, thread) => {
      const { condition, statement, holds, waitsFor } = threadIn(scenario, state, thread);
      const parts = [conditions[condition]];
      if (statement >= 0) parts[0] = condition === 2 ? `waits for ${waitsFor}` : "ready";
      if (statement >= 0) parts.push(`line ${scenario.statements[statement][0]}`);
      if (holds) parts.push(`holds ${holds}`);
      rows.push(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, parts.join(", "))));
    });
    return element("table", {}, element("caption", { class: "hidden" }, "Variables, locks and threads"), element("tbody", {}, ...rows));
  }

  function sourcePanel(scenario, state, current) {
    const lines = new Map();
    scenario.threads.forEach((name, thread) => {
      const { statement } = state ? threadIn(scenario, state, thread) : { statement: -1 };
      if (statement < 0) return;
      const line = scenario.statements[statement][0];
      lines.set(line, [...(lines.get(line) ?? []), name]);
    });
    const [first, last] = current === null ? [0, 0] : scenario.statements[current];
    return element("table", {}, element("caption", { class: "hidden" }, "The scenario"), element("tbody", {}, ...scenario.source.map((text, index) => {
      const line = index + 1;
      const here = line >= first && line <= last;
      const others = lines.get(line) ?? [];
      const names = others.length > 3 ? `${others.slice(0, 2).join(", ")} and ${others.length - 2} more` : others.join(", ");
      return element("tr", { "aria-current": here ? "true" : null },
        element("td", { class: "number" }, (line === first ? "▶ " : "") + line), element("td", {}, element("code", {}, text)),
        element("td", {}, others.length ? element("span", { class: "others" }, `next: ${names}`) : "",
          scenario.unreached.includes(line) ? element("span", { class: "never" }, "never reached") : ""));
    })));
  }

  function choicesPanel(order, step) {
    const { scenario } = order;
    if (!scenario.graph) return [element("p", {}, "The graph of this scenario is too large for this page.")];
    const node = order.nodes[step];
    if (node === null || node < 0) return [element("p", {}, "The run ends here.")];
    const [, text] = verdictOf(scenario, node, false);
    const edges = edgesOf(scenario, node);
    const titles = (keys) => [...new Set(keys)].map((key) => keyTitle(scenario, key)).join(", ");
    const own = (other) => scenario.graph.own[other] ?? [];
    const before = titles([...order.steps.slice(0, step).flatMap((other) => other.keys), ...order.nodes.slice(0, step).flatMap(own)]);
    const here = titles(own(node));
    const result = [];
    if (before) result.push(element("p", {}, ...sentence(`Shown on the way: ${before}.`)));
    if (here) result.push(element("p", {}, ...sentence(`Shown here: ${here}.`)));
    if (!edges.length) return [...result, element("p", {}, "No thread can go on: the run ends here.")];
    result.push(element("p", {}, element("strong", {}, "From here "), ...sentence(text + ".")));
    const taken = order.steps[step];
    result.push(element("ul", { class: "choices" }, ...edges.map((edge) => {
      const { thread, choice, effect } = edge;
      const [line, , source] = scenario.statements[threadIn(scenario, order.states[step], thread).statement];
      const [verdict, sentenceText] = verdictOfEdge(scenario, edge);
      const isTaken = taken && taken.thread === thread && taken.choice === choice;
      return element("li", {}, element("button", { type: "button", class: isTaken ? "taken" : null, onclick: () => choose(edge, isTaken) },
        element("strong", {}, `${scenario.threads[thread]}${isTaken ? " (this order's next step)" : ""}`),
        element("span", {}, `${line}  `, element("code", {}, scenario.texts[source]), effect ? `  ${effect}` : ""),
        element("span", { class: verdict }, ...sentence(sentenceText))));
    })));
    return result;
  }

  // MARK: The drawing of who waits for whom

  // Where the boxes stand: the cycle goes down the right column and up the left one, the others stand below in pairs.
  function placesOf(cycle, others, width) {
    const columns = [width / 2 - 215, width / 2 + 215];
    const perRow = 105;
    const onTheRight = Math.floor(cycle.length / 2);
    const rowsOfCycle = cycle.length - onTheRight;
    const first = cycle.length === 2 ? 55 : 40;
    const places = new Map();
    cycle.forEach((name, index) => {
      if (cycle.length === 1) places.set(name, [width / 2, first]);
      else if (index === 0) places.set(name, [columns[0], first]);
      else if (index <= onTheRight) places.set(name, [columns[1], first + (index - 1) * perRow]);
      else places.set(name, [columns[0], first + (cycle.length - index) * perRow]);
    });
    const top = cycle.length ? (rowsOfCycle - 1) * perRow + 2 * first + (cycle.length === 1 ? 30 : 0) : 0;
    others.forEach((name, index) => places.set(name, [columns[index % 2], top + 40 + Math.floor(index / 2) * perRow]));
    return { places, height: top + Math.ceil(others.length / 2) * perRow };
  }

  function drawing(waiting) {
    const most = 12;
    const rows = waiting.rows.slice(0, most);
    const isShown = (name) => rows.some((row) => row.thread === name);
    const cycle = waiting.cycle.filter(isShown);
    const width = 700;
    const { places, height } = placesOf(cycle, rows.map((row) => row.thread).filter((name) => !cycle.includes(name)), width);
    const words = rows.map((row) => `${row.thread} waits for ${row.waitsFor}${row.blockers.length ? ", which " + row.blockers.join(", ") + " has" : ""}`).join("; ");
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${height + 20}`, role: "img", "aria-label": words });
    for (const kind of ["cycle", "victim"]) {
      svg.append(drawn("marker", { id: `arrow-${kind}`, class: kind, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 8, markerHeight: 8, orient: "auto" },
        drawn("path", { d: "M0 0 L10 5 L0 10 z" })));
    }
    const label = (x, y, text, kind) => drawn("text", { x, y, class: kind }, shortened(text, 32));
    const lines = [];
    for (const row of rows) {
      const [x, y] = places.get(row.thread);
      const targets = row.blockers.filter((name) => places.has(name));
      const kind = (name) => (waiting.cycle.includes(row.thread) && waiting.cycle.includes(name) ? "cycle" : "victim");
      if (!targets.length) lines.push(label(x, y + 38, `waits for ${row.waitsFor}`, "wait"));
      for (const name of targets) {
        const [toX, toY] = places.get(name);
        const marker = `url(#arrow-${kind(name)})`;
        if (name === row.thread) {
          lines.push(drawn("path", { class: `arrow ${kind(name)}`, "marker-end": marker, d: `M${x - 30} ${y + 20} C${x - 60} ${y + 80} ${x + 60} ${y + 80} ${x + 30} ${y + 22}` }));
          lines.push(label(x, y + 85, `waits for ${row.waitsFor}`, "wait"));
          continue;
        }
        const length = Math.hypot(toX - x, toY - y);
        const bend = kind(name) === "cycle" && cycle.length === 2 ? 45 : 0;
        const [acrossX, acrossY] = [(-(toY - y) / length) * bend, ((toX - x) / length) * bend];
        const [midX, midY] = [(x + toX) / 2 - acrossX, (y + toY) / 2 - acrossY];
        const end = (fromX, fromY, nearX, nearY) => {
          const scale = Math.min(104 / Math.max(1, Math.abs(nearX - fromX)), 24 / Math.max(1, Math.abs(nearY - fromY)));
          return [fromX + (nearX - fromX) * scale, fromY + (nearY - fromY) * scale];
        };
        const [startX, startY] = end(x, y, midX, midY);
        const [endX, endY] = end(toX, toY, midX, midY);
        lines.push(drawn("path", { class: `arrow ${kind(name)}`, "marker-end": marker, d: `M${startX} ${startY} Q${midX} ${midY} ${endX} ${endY}` }));
        lines.push(label((startX + 2 * midX + endX) / 4, (startY + 2 * midY + endY) / 4 + 5, shortened(row.waitsFor, 26), "wait"));
      }
    }
    svg.append(...lines);
    if (waiting.rows.length > most) svg.append(label(width / 2, height + 10, `and ${waiting.rows.length - most} more, in the table below`, ""));
    for (const row of rows) {
      const [x, y] = places.get(row.thread);
      svg.append(drawn("rect", { class: `box ${waiting.cycle.includes(row.thread) ? "cycle" : ""}`, x: x - 102, y: y - 20, width: 204, height: 40, rx: 5 }));
      svg.append(label(x, y - 2, shortened(row.thread, 24), ""), label(x, y + 14, `line ${row.line}${row.victim ? ", victim" : ""}`, ""));
    }
    return svg;
  }

  // MARK: What is shown

  function address(order, step, fork = order.fork, ways = null) {
    if (fork === null) return `#${order.id}/${step}`;
    const all = ways ?? order.steps.slice(fork).map((other) => `${other.thread}.${other.choice}`);
    return all.length ? `#${order.id}/${step}/${fork}/${all.join("-")}` : `#${order.id}/${step}`;
  }

  function goTo(step) {
    const { order } = shown;
    const last = order.steps.length;
    const next = step > last && order.loop !== null ? order.loop : Math.min(Math.max(0, step), last);
    history.replaceState(null, "", address(order, next));
    show(next, step > last && order.loop !== null);
  }

  function choose(edge, isTaken) {
    const { order, step } = shown;
    if (isTaken) return goTo(step + 1);
    const fork = order.fork !== null && order.fork <= step ? order.fork : step;
    const ways = order.steps.slice(fork, step).map((other) => `${other.thread}.${other.choice}`);
    ways.push(`${edge.thread}.${edge.choice}`);
    location.hash = address(order, step + 1, fork, ways);
  }

  async function copy(text, button) {
    const says = (words) => { button.textContent = words; announcement.textContent = words; };
    try {
      await navigator.clipboard.writeText(text);
      says("Copied");
    } catch {
      const area = element("textarea", { "aria-label": "Schedule" }, text);
      button.after(area);
      area.select();
      const isCopied = document.execCommand("copy");
      if (isCopied) area.remove();
      says(isCopied ? "Copied" : "Copy it from here");
    }
  }

  // Shows a step of the order that is on the page.
  function show(step, isRound = false) {
    const { order, rows, parts } = shown;
    const { scenario } = order;
    shown.step = step;
    for (const row of rows) row?.removeAttribute("aria-current");
    rows[step]?.setAttribute("aria-current", "step");
    const current = step > 0 ? order.steps[step - 1] : null;
    parts.slider.value = step;
    parts.slider.setAttribute("aria-valuetext", `step ${step} of ${order.steps.length}`);
    parts.output.textContent = `step ${step} of ${order.steps.length}`;
    parts.first.disabled = parts.previous.disabled = step === 0;
    parts.next.disabled = parts.last.disabled = step === order.steps.length;
    if (order.loop !== null) parts.next.disabled = false;
    parts.values.replaceChildren(valuesPanel(order, step));
    parts.source.replaceChildren(sourcePanel(scenario, order.states[step], current ? current.statement : null));
    const focused = document.activeElement?.closest(".choices") ? true : false;
    parts.choices.replaceChildren(...choicesPanel(order, step));
    if (focused) parts.next.focus();
    const line = parts.source.querySelector("[aria-current]");
    if (line) parts.source.scrollTop = line.offsetTop - parts.source.clientHeight / 2;
    const row = rows[step];
    if (row) {
      const box = row.getBoundingClientRect();
      const frame = row.closest(".lanes-scroll").getBoundingClientRect();
      if (box.bottom > Math.min(innerHeight, frame.bottom) || box.top < Math.max(70, frame.top)) row.scrollIntoView({ block: "center" });
    }
    const what = current ? `${scenario.threads[current.thread]}, line ${scenario.statements[current.statement][0]}, ${scenario.texts[scenario.statements[current.statement][2]]} ${current.effect}` : "before the first step";
    announcement.textContent = `${isRound ? "It goes round. " : ""}Step ${step} of ${order.steps.length}: ${what}${current?.preempts ? ", after a preemption" : ""}${current?.bad ? ", goes wrong here" : ""}`;
  }

  // Builds the explorer of an order, below a heading of the given level.
  function explore(order, place, step, level) {
    const heading = `h${level + 1}`;
    const { table, stepRows } = lanesTable(order);
    const button = (text, to, label) => element("button", { type: "button", "aria-label": label, onclick: () => goTo(to()) }, text);
    const parts = {
      first: button("First", () => 0, "First step"),
      previous: button("◀ Previous", () => shown.step - 1, "Previous step"),
      next: button("Next ▶", () => shown.step + 1, "Next step"),
      last: button("Last", () => order.steps.length, "Last step"),
      slider: element("input", { type: "range", min: 0, max: order.steps.length, "aria-label": "Step", oninput: (event) => goTo(Number(event.target.value)) }),
      output: element("output", {}),
      copy: element("button", { type: "button", onclick: (event) => copy(scheduleOf(order), event.currentTarget) }, "Copy schedule"),
      values: element("div", { class: "values" }),
      source: element("div", { class: "source", tabindex: "0", role: "region", "aria-label": "Source" }),
      choices: element("div", {}),
    };
    const fork = order.fork === null ? "" : element("p", { class: "fork" }, `Another order, from step ${order.fork + 1} on. `,
      element("button", { type: "button", onclick: () => { location.hash = `#${order.id}/${order.fork}`; } }, "Back to the order of the report"));
    place.replaceChildren(
      element("div", { class: "controls", role: "group", "aria-label": "Steps; the arrow keys work as well" },
        parts.first, parts.previous, parts.next, parts.last, parts.output, parts.slider, parts.copy),
      fork,
      element("div", { class: "board" },
        element("div", { class: "scroll lanes-scroll", tabindex: "0", role: "region", "aria-label": "Steps" }, table),
        element("div", { class: "side" },
          element("section", { class: "panel" }, element(heading, {}, "What if another thread goes on?"), parts.choices),
          element("section", { class: "panel" }, element(heading, {}, "State after this step"), parts.values),
          element("section", { class: "panel whole" }, element(heading, {}, "Source"), parts.source))));
    shown = { order, rows: stepRows, parts, place, step };
    show(step);
  }

  function clear() {
    shown?.place.replaceChildren();
    shown = null;
    for (const other of document.querySelectorAll(".current")) other.classList.remove("current");
    for (const other of document.querySelectorAll(".drawing")) other.replaceChildren();
    for (const other of document.querySelectorAll(".whole-source")) other.remove();
  }

  function showScenario(article, scenario) {
    body.dataset.view = "scenario";
    const panel = element("section", { class: "whole-source" }, element("h3", {}, "Source"),
      element("div", { class: "scroll source", tabindex: "0", role: "region", "aria-label": "Source" }, sourcePanel(scenario, null, null)));
    article.querySelector(".overview").append(panel);
  }

  function route() {
    const [id, step, fork, ways] = location.hash.slice(1).split("/");
    const parsed = (text) => /^(s\d+)(?:(f|o)(\d+))?$/.exec(text);
    const match = parsed(id);
    const only = scenarios.length === 1 ? scenarios[0] : null;
    // A link to a part of the page, such as a code's text, moves there and changes nothing.
    if (!match && id && id !== "all" && body.dataset.view) return;
    clear();
    let target = match;
    if (!match && only) target = parsed(only.orders.length ? only.orders[0].id : only.id);
    const scenario = target && scenarios.find((other) => other.id === target[1]);
    if (!scenario) {
      body.dataset.view = "all";
      return;
    }
    const article = document.getElementById(scenario.id);
    article.classList.add("current");
    prepare(scenario);
    const name = target[0];
    let order = null;
    if (target[2] === "f") {
      const data = scenario.orders.find((other) => other.id === name);
      order = data ? orderOfFinding(scenario, data) : null;
    } else if (target[2] === "o" && scenario.graph?.outcomes[target[3] - 1]) {
      order = orderOfOutcome(scenario, target[3] - 1, name);
    }
    if (!order) {
      showScenario(article, scenario);
      if (target[2] === "f") document.getElementById(name)?.scrollIntoView();
      return;
    }
    body.dataset.view = "order";
    const section = target[2] === "f" ? document.getElementById(name) : article.querySelector(".sample");
    section.classList.add("current");
    const code = section.querySelector(".place a")?.getAttribute("href");
    if (code) document.querySelector(code)?.classList.add("current");
    if (order.waiting) section.querySelector(".drawing").replaceChildren(drawing(order.waiting));
    if (ways) order = forked(order, Math.min(Number(fork) || 0, order.steps.length), ways.split("-"));
    const place = target[2] === "f" ? section.querySelector(".explorer") : section;
    explore(order, place, Math.min(Number(step) || 0, order.steps.length), target[2] === "f" ? 3 : 2);
    if (!step) scrollTo(0, 0);
  }

  document.addEventListener("keydown", (event) => {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, textarea")) return;
    const steps = { ArrowRight: shown.step + 1, ArrowLeft: shown.step - 1, Home: 0, End: shown.order.steps.length };
    if (!(event.key in steps)) return;
    event.preventDefault();
    goTo(steps[event.key]);
  });
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  addEventListener("hashchange", route);
  body.classList.add("js");
  route();
})();
