// Draws the map of a page from the data it holds (partners/mapping.py), with Leaflet; supercluster gathers what is close.
// The page's list says the same without this file. Nothing is asked of the network but the background, when one is set.
(() => {
  "use strict";

  const box = document.querySelector("[data-map]");
  const { L, Supercluster } = window;
  if (!box || !L || !Supercluster) return;
  const data = JSON.parse(document.getElementById(box.dataset.map).textContent);
  const icons = box.dataset.icons;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const FARTHEST = 17;
  const NAMES_FROM = 13; // the scale from which partners are named, as towns are before
  const LISTED = 60; // names in what opens on a group that stays one at any scale
  box.hidden = false;

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "ico");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${icons}#${name}`);
    svg.append(use);
    return svg;
  };
  const count = (number, noun) => `${number.toLocaleString("fr-FR")} ${noun}${number > 1 ? "s" : ""}`;

  const partners = data.points.map(([id, name, latitude, longitude, state, kind, type, town, exact, facts]) => ({
    id, name: name || "Sans nom", at: [latitude, longitude], code: data.words[state], state: data.states[data.words[state]][0],
    icon: data.kinds[kind], type: data.words[type], town: data.words[town], exact, facts: facts.map((rank) => data.words[rank]),
    url: data.address.join(id),
  }));

  // ------------------------------------------------------------------------------------------------------------ the map

  const map = L.map(box.querySelector("[data-map-here]"), {
    zoomControl: false, attributionControl: false, minZoom: 4, maxZoom: FARTHEST, scrollWheelZoom: false,
    zoomSnap: data.tiles ? 1 : 0.5,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  if (still) {
    map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
  }
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  // The wheel scrolls the page until one is in the map.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  if (data.tiles) {
    // As L.TileLayer, but a picture that is no longer wanted is left alone: the policy refuses the empty one in its place.
    const Background = L.GridLayer.extend({
      createTile(coords, done) {
        const tile = element("img");
        tile.alt = "";
        tile.onload = () => done(null, tile);
        tile.onerror = () => done(new Error("background"), tile);
        const s = "abc"[Math.abs(coords.x + coords.y) % 3];
        tile.src = L.Util.template(data.tiles.url, { s, r: "", x: coords.x, y: coords.y, z: coords.z });
        return tile;
      },
    });
    new Background({ maxZoom: FARTHEST, className: "map-tiles" }).addTo(map);
  }

  if (data.middle) {
    for (const [km] of data.rings) {
      L.circle(data.middle.at, { radius: km * 1000, className: "map-ring", interactive: false }).addTo(map);
    }
    const home = element("span", "map-home");
    home.append(icon(data.middle.icon));
    L.marker(data.middle.at, {
      icon: L.divIcon({ className: "map-mark", html: home, iconSize: [34, 34] }), interactive: false, keyboard: false, zIndexOffset: -500,
    }).addTo(map);
  }

  const seeAll = () => {
    const all = partners.map((partner) => partner.at);
    if (data.middle) all.push(data.middle.at);
    if (all.length) map.fitBounds(L.latLngBounds(all).pad(0.08), { maxZoom: 14, animate: false });
  };
  // Around the middle: three partners out of four, for one far away would make all the others a single mark.
  const seeMiddle = () => {
    if (!data.middle) return seeAll();
    const middle = L.latLng(data.middle.at);
    const ways = partners.map((partner) => middle.distanceTo(partner.at)).sort((a, b) => a - b);
    const reach = Math.max(5000, ways[Math.floor(ways.length * 0.75)] ?? 0, data.rings.length === 1 ? data.rings[0][0] * 1000 : 0);
    map.fitBounds(middle.toBounds(Math.min(reach, 60000) * 2.1), { maxZoom: 14, animate: false });
  };
  seeMiddle();
  box.querySelector("[data-map-all]")?.addEventListener("click", seeAll);
  box.querySelector("[data-map-middle]")?.addEventListener("click", seeMiddle);

  // -------------------------------------------------------------------------------------------------- what opens on a mark

  const popup = L.popup({ minWidth: 200, className: "map-popup", autoPanPadding: [12, 12], offset: [0, -12] });
  let opener = null; // the mark to go back to, when it was opened from the keyboard

  const open = (at, content, byKey, from) => {
    const size = map.getSize();
    popup.options.maxWidth = Math.min(280, size.x - 80);
    popup.options.maxHeight = Math.min(260, size.y - 90);
    popup.setLatLng(at).setContent(content).openOn(map);
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", "Fermer");
    close.title = "Fermer";
    opener = byKey ? from : null;
    if (byKey) content.querySelector("a")?.focus({ preventScroll: true }); // the map moves by itself to show it
  };
  const link = (partner) => {
    const made = element("a", "", partner.name);
    made.href = partner.url;
    return made;
  };
  const sheet = (partner) => {
    const made = element("div");
    const name = element("p", "map-popup-name");
    name.append(link(partner));
    made.append(name, element("p", "", `${partner.state} · ${partner.type}`));
    if (partner.town) made.append(element("p", "", partner.exact ? partner.town : `${partner.town} (au centre de la commune)`));
    for (const fact of partner.facts) made.append(element("p", "", fact));
    return made;
  };
  const sheetOfSeveral = (several, total) => {
    const made = element("div");
    const towns = new Set(several.map((partner) => partner.town));
    made.append(element("p", "map-popup-name", count(total, "partenaire") + (towns.size === 1 && several[0].town ? `, ${several[0].town}` : "")));
    const list = element("ul", "map-popup-list");
    for (const partner of several) {
      const line = element("li");
      line.append(link(partner), element("span", "muted", ` ${partner.state}`));
      list.append(line);
    }
    made.append(list);
    if (total > several.length) made.append(element("p", "muted", `et ${count(total - several.length, "autre")}, dans la liste`));
    return made;
  };
  map.on("popupclose", () => {
    if (opener?.isConnected) opener.focus();
    opener = null;
  });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });

  // ------------------------------------------------------------------------------------------------------------- the marks

  const index = new Supercluster({ radius: 52, extent: 256, maxZoom: FARTHEST - 1 }).load(
    partners.map((partner, rank) => ({
      type: "Feature", properties: { rank }, geometry: { type: "Point", coordinates: [partner.at[1], partner.at[0]] },
    })),
  );
  const shown = new Map(); // key → marker
  const layer = L.layerGroup().addTo(map);

  const mark = (at, html, size, label, act) => {
    const marker = L.marker(at, {
      icon: L.divIcon({ className: "map-mark", html, iconSize: [size, size] }), autoPanOnFocus: false, riseOnHover: true,
    });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
    marker.on("click", () => act(false, marker.getElement()));
    marker.on("keydown", (event) => {
      const { key } = event.originalEvent;
      if (key !== "Enter" && key !== " ") return;
      L.DomEvent.stop(event.originalEvent);
      act(true, marker.getElement());
    });
    return marker;
  };
  const markOfOne = (partner) => {
    const pin = element("span", `map-pin map-pin-${partner.code}`);
    pin.append(icon(partner.icon));
    const label = [partner.name, partner.town, partner.state, partner.type].filter(Boolean).join(", ");
    const made = mark(partner.at, pin, 28, label, (byKey, from) => open(partner.at, sheet(partner), byKey, from));
    return made.bindTooltip(element("span", "", partner.name), { direction: "top", offset: [0, -14], className: "map-tip" });
  };
  const markOfSeveral = (at, { cluster_id: id, point_count: total }) => {
    const size = total < 10 ? 32 : total < 100 ? 38 : 46;
    const group = element("span", `map-group map-group-${size}`, total.toLocaleString("fr-FR"));
    return mark(at, group, size, `${count(total, "partenaire")}, ouvrir ce groupe`, (byKey, from) => {
      const zoom = index.getClusterExpansionZoom(id);
      if (zoom >= FARTHEST) {
        const several = index.getLeaves(id, LISTED).map((leaf) => partners[leaf.properties.rank]);
        several.sort((a, b) => a.name.localeCompare(b.name, "fr"));
        open(at, sheetOfSeveral(several, total), byKey, from);
        return;
      }
      map.setView(at, zoom, { animate: !still });
      if (byKey) map.getContainer().focus();
    });
  };

  const draw = () => {
    const bounds = map.getBounds().pad(0.15);
    const zoom = Math.floor(map.getZoom());
    const found = index.getClusters([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], zoom);
    const wanted = new Map();
    for (const feature of found) {
      const { cluster, cluster_id: id, rank } = feature.properties;
      wanted.set(cluster ? `g${zoom}-${id}` : `p${rank}`, feature);
    }
    for (const [key, marker] of shown) {
      if (wanted.has(key)) continue;
      layer.removeLayer(marker);
      shown.delete(key);
    }
    for (const [key, feature] of wanted) {
      if (shown.has(key)) continue;
      const at = [feature.geometry.coordinates[1], feature.geometry.coordinates[0]];
      const { cluster, rank } = feature.properties;
      const marker = cluster ? markOfSeveral(at, feature.properties) : markOfOne(partners[rank]);
      layer.addLayer(marker);
      shown.set(key, marker);
    }
    label(found, zoom);
  };

  // ------------------------------------------------------------------------------- names, as many as do not cover each other

  const names = L.layerGroup().addTo(map);
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
  const widths = new Map();
  const widthOf = (text) => {
    if (!widths.has(text)) widths.set(text, ruler.measureText(text).width + 8);
    return widths.get(text);
  };

  const label = (found, zoom) => {
    names.clearLayers();
    const size = map.getSize();
    const taken = [];
    const fits = (area) => area[0] >= 0 && area[1] >= 0 && area[2] <= size.x && area[3] <= size.y
      && !taken.some((other) => area[0] < other[2] && area[2] > other[0] && area[1] < other[3] && area[3] > other[1]);
    const write = (at, text, gap, className, always = false) => {
      const { x, y } = map.latLngToContainerPoint(at);
      const width = widthOf(text);
      const places = [[x - width / 2, y + gap], [x - width / 2, y - gap - 18], [x + gap, y - 9], [x - gap - width, y - 9]];
      if (always) places.push([x - width / 2, y + gap + 6]);
      for (const [rank, [left, top]] of places.entries()) {
        const area = [left, top, left + width, top + 18];
        if (!fits(area) && rank < 4) continue;
        taken.push(area);
        L.marker(map.containerPointToLatLng([left, top]), {
          icon: L.divIcon({ className: `map-name ${className}`, html: element("span", "", text), iconSize: null, iconAnchor: [0, 0] }),
          interactive: false, keyboard: false, zIndexOffset: always ? 1000 : -1000,
        }).addTo(names);
        return;
      }
    };
    for (const feature of found) {
      const { x, y } = map.latLngToContainerPoint([feature.geometry.coordinates[1], feature.geometry.coordinates[0]]);
      const half = feature.properties.cluster ? 19 : 14;
      taken.push([x - half, y - half, x + half, y + half]);
    }
    if (data.middle) {
      write(data.middle.at, data.middle.name, 18, "map-name-home", true);
      for (const [km, words] of data.rings) {
        const ring = L.latLng(data.middle.at).toBounds(km * 2000);
        write([ring.getNorth(), data.middle.at[1]], words, 1, "map-name-ring");
      }
    }
    if (zoom >= NAMES_FROM) {
      for (const feature of found) {
        if (feature.properties.cluster) continue;
        const partner = partners[feature.properties.rank];
        write(partner.at, partner.name.length > 32 ? `${partner.name.slice(0, 30)}…` : partner.name, 15, "map-name-partner");
      }
    }
    if (data.tiles) return; // the background names the towns
    const bounds = map.getBounds();
    const towns = data.towns.filter(([, latitude, longitude]) => bounds.contains([latitude, longitude]));
    towns.sort((a, b) => b[3] - a[3] || a[0].localeCompare(b[0], "fr"));
    for (const [name, latitude, longitude] of towns) {
      if (name !== data.middle?.name) write([latitude, longitude], name, 20, "map-name-town");
    }
  };

  map.on("moveend", draw);
  draw();
})();
