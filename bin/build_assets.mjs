// Makes static/build/ from node_modules and static/: theme.css, icons.svg (only the icons in use), htmx.min.js; for the pages
// that hold a map, map.css, leaflet.js and supercluster.min.js.
// Run by `npm run build`. Node >= 20.19 (sass); nothing is fetched. Deterministic: the same sources give the same bytes.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const build = join(root, "static", "build");
const iconFolder = join(modules, "bootstrap-icons", "icons");
const skipped = new Set(["node_modules", "build", "migrations", "__pycache__", "artifacts", "var"]);

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(html|py|js)$/.test(entry.name)) yield path;
  }
}

// Any quoted word that is the name of an icon brings the icon: a few too many, none forgotten.
function iconsInUse() {
  const found = new Set();
  for (const path of sources(root)) {
    for (const [, name] of readFileSync(path, "utf8").matchAll(/["']([a-z0-9]+(?:-[a-z0-9]+)*)["']/g)) {
      if (!found.has(name) && existsSync(join(iconFolder, `${name}.svg`))) found.add(name);
    }
  }
  return [...found].sort();
}

function symbol(name) {
  const svg = readFileSync(join(iconFolder, `${name}.svg`), "utf8");
  const body = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 16 16">${body}</symbol>`;
}

mkdirSync(build, { recursive: true });

function compiled(name) {
  return sass.compile(join(root, "static", "scss", name), {
    style: "compressed",
    quietDeps: true,
    // Bootstrap 5.3 is written for @import and the global functions; both stay until it moves to modules.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  }).css;
}

// Leaflet's own sheet, less the rules that fetch its pictures: our markers and controls are drawn without them.
function leafletSheet() {
  const css = readFileSync(join(modules, "leaflet", "dist", "leaflet.css"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return css.replace(/[^{}]+\{[^{}]*(?:url\(|behavior:)[^{}]*\}/g, "").replace(/\s+/g, " ").trim();
}

// A library as it is published, less the address of a source map that is not served.
function copyScript(from, name) {
  writeFileSync(join(build, name), readFileSync(from, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

const theme = compiled("theme.scss");
writeFileSync(join(build, "theme.css"), theme);
writeFileSync(join(build, "map.css"), `${leafletSheet()}\n${compiled("map.scss")}`);

const icons = iconsInUse();
writeFileSync(join(build, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${icons.map(symbol).join("\n")}</svg>\n`);

copyFileSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(build, "htmx.min.js"));
copyScript(join(modules, "leaflet", "dist", "leaflet.js"), "leaflet.js");
copyScript(join(modules, "supercluster", "dist", "supercluster.min.js"), "supercluster.min.js");

console.log(`${relative(root, build)}: theme.css ${Math.round(theme.length / 1024)} kB, ${icons.length} icons, htmx, map`);
