/* Life circles: the picture of the map becomes a map that is dragged, once somebody asks for it. Tiles come from Linli itself.
   Without this script, WebGL or the wish for it the picture and its links serve. */
(function () {
  "use strict";

  var figure = document.querySelector("figure[data-map]");
  var opener = document.querySelector("[data-map-open]");
  if (!figure || !opener) return;

  var TINTS = {
    plain: ["#eceae2", "#9aa19f"], met: ["#8fc1b0", "#1b6b57"], unknown: ["#ffffff", "#535f66"],
    few: ["#f5d9b0", "#8a5a14"], some: ["#e79a7c", "#9c3d1e"], unmet: ["#b5351f", "#5e170b"],
  };

  function tint(place, otherwise) {
    var cases = ["match", ["get", "tint"]];
    Object.keys(TINTS).forEach(function (name) { cases.push(name, TINTS[name][place]); });
    return cases.concat(otherwise);
  }

  function style() {
    var tiles = location.origin + figure.dataset.tiles + "/{z}/{x}/{y}";
    if (figure.dataset.kind) tiles += "?kind=" + encodeURIComponent(figure.dataset.kind);
    var layers = [{ id: "ground", type: "background", paint: { "background-color": "#faf8f3" } }];
    var sources = {
      circle: { type: "vector", tiles: [tiles], minzoom: 8, maxzoom: 17, attribution: "© OpenStreetMap contributors" },
    };
    if (figure.dataset.background) {
      sources.background = { type: "raster", tiles: [figure.dataset.background], tileSize: 256, attribution: figure.dataset.backgroundCredit };
      layers.push({ id: "background", type: "raster", source: "background" });
    }
    layers.push(
      { id: "ways", type: "line", source: "circle", "source-layer": "ways", layout: { "line-cap": "round" },
        paint: { "line-color": "#c9c2b0", "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 17, 4] } },
      { id: "buildings", type: "fill", source: "circle", "source-layer": "buildings", paint: { "fill-color": tint(0, "#eceae2") } },
      { id: "outlines", type: "line", source: "circle", "source-layer": "buildings", paint: { "line-color": tint(1, "#9aa19f"), "line-width": 1 } },
      { id: "dots", type: "circle", source: "circle", "source-layer": "dots", paint: { "circle-color": tint(0, "#eceae2"), "circle-radius": 3, "circle-stroke-width": 1, "circle-stroke-color": tint(1, "#9aa19f") } },
      { id: "facilities", type: "circle", source: "circle", "source-layer": "facilities", paint: { "circle-color": "#ffffff", "circle-radius": 6, "circle-stroke-width": 3, "circle-stroke-color": "#27323a" } },
      { id: "lost", type: "circle", source: "circle", "source-layer": "lost", paint: { "circle-color": "#1f282e", "circle-radius": 4 } }
    );
    return { version: 8, sources: sources, layers: layers };
  }

  /* A zoom at which the picture's width is as many metres as the figure has now. */
  function zoom(latitude, width) {
    var metres = Number(figure.dataset.widthM) / width;
    return Math.log2(40075016.686 * Math.cos(latitude * Math.PI / 180) / 512 / metres);
  }

  function load(kind, attributes) {
    return new Promise(function (resolve, reject) {
      var element = document.createElement(kind);
      element.onload = resolve;
      element.onerror = reject;
      Object.assign(element, attributes);
      document.head.appendChild(element);
    });
  }

  function place(point) { return point.lng.toFixed(6) + "," + point.lat.toFixed(6); }

  /* What stands at a place: the building's page, and its name. */
  function told(map, event) {
    var found = map.queryRenderedFeatures(event.point, { layers: ["buildings", "dots", "facilities"] })[0];
    if (!found) return;
    var box = document.createElement("p");
    var name = found.properties.name || "";
    if (found.layer.id === "facilities") {
      box.textContent = name;
    } else {
      var link = document.createElement("a");
      link.href = figure.dataset.base + "/buildings/" + found.id;
      link.textContent = name;
      box.appendChild(link);
    }
    new maplibregl.Popup().setLngLat(event.lngLat).setDOMContent(box).addTo(map);
  }

  /* The form of a change follows a marker that is dragged, and says at once who would gain. */
  function follow(map, middle) {
    var input = document.querySelector("input[name=place]");
    var kind = document.querySelector("form[method=post] select[name=kind]");
    var what = document.querySelector("select[name=what]");
    var gain = document.querySelector("[data-gain]");
    if (!input || !kind || !what) return false;
    var marker = new maplibregl.Marker({ draggable: true, color: "#27323a" }).setLngLat(middle).addTo(map);
    var asked = 0;
    function ask() {
      if (!gain) return;
      var turn = ++asked;
      if (what.value !== "facility" || !kind.value) { gain.textContent = ""; return; }
      var query = "kind=" + encodeURIComponent(kind.value) + "&place=" + encodeURIComponent(input.value);
      fetch(gain.dataset.gain + "?" + query, { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (text) { if (turn === asked) gain.textContent = text; });
    }
    function moved() { input.value = place(marker.getLngLat()); ask(); }
    marker.on("drag", moved);
    map.on("click", function (event) { marker.setLngLat(event.lngLat); moved(); });
    kind.addEventListener("change", ask);
    what.addEventListener("change", ask);
    ask();
    return true;
  }

  function show() {
    maplibregl.setWorkerUrl(figure.dataset.worker);
    var picture = figure.querySelector("img");
    var width = picture.clientWidth || 800;
    var at = figure.dataset.middle.split(",").map(Number);
    var box = document.createElement("div");
    box.className = "map-live";
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", picture.alt);
    figure.replaceChild(box, picture);
    figure.querySelector(".map-moves").hidden = true;
    opener.hidden = true;
    var map = new maplibregl.Map({ container: box, style: style(), center: at, zoom: zoom(at[1], width), minZoom: 8, maxZoom: 19, dragRotate: false });
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
    map.addControl(new maplibregl.ScaleControl());
    if (!follow(map, at)) map.on("click", function (event) { told(map, event); });
    window.linliMap = map;
  }

  opener.hidden = false;
  opener.addEventListener("click", function () {
    opener.disabled = true;
    Promise.all([
      load("link", { rel: "stylesheet", href: figure.dataset.sheet }),
      load("script", { src: figure.dataset.library }),
    ]).then(show).catch(function () { opener.hidden = true; });
  });
})();
