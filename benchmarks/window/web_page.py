"""The exported web page in headless Chromium: its first picture, and frames while a slider moves.

`python -m benchmarks.window.web_page conv-vae conv-vae-2d gan` writes the page of each kept run or shipped
model, opens it in Chromium from a server on this computer, moves the first slider in every frame for three
seconds, and prints for each page: its size, the time from the beginning of its navigation to the first
picture (median of five loads), frames per second, and how long the page computes and paints for a frame
(median and 99th percentile, by the page's clock). To be run on idle cores: a browser shares them with
whatever else runs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aestudio.datasets.catalogue import load_dataset
from aestudio.export.exporter import export, find_exporter
from aestudio.runs.exported_run import KeptRunExport
from aestudio.runs.index import find_run

LOADS = 5
SECONDS = 3
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,800"),
    *("--no-proxy-server", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DRIVER = """<!doctype html><meta charset="utf-8"><body></body><script>
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
async function opened() {
  const frame = Object.assign(document.createElement("iframe"), { width: 1200, height: 760, src: "/page" });
  const loaded = new Promise((done) => (frame.onload = done));
  document.body.replaceChildren(frame);
  await loaded;
  const root = frame.contentDocument.documentElement;
  while (!root.dataset.first) await wait(5);
  return [frame.contentWindow, Number(root.dataset.first)];
}
async function moved(view) {
  const slider = view.document.querySelector("#rows input");
  if (!slider) return null;
  const spent = [];
  const real = view.requestAnimationFrame.bind(view);
  view.requestAnimationFrame = (call) =>
    real((time) => {
      const begin = performance.now();
      call(time);
      spent.push(performance.now() - begin);
    });
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < %d * 1000) {
    const share = 0.5 + 0.5 * Math.sin(frames / 10);
    slider.value = Number(slider.min) + share * (slider.max - slider.min);
    slider.dispatchEvent(new view.Event("input"));
    await new Promise(real);
    frames += 1;
  }
  return { frames: (1000 * frames) / (performance.now() - start), spent };
}
(async () => {
  const first = [];
  let view;
  for (let load = 0; load < %d; load++) {
    const [window, milliseconds] = await opened();
    first.push(milliseconds);
    view = window;
  }
  await wait(500);
  await fetch("/result", { method: "POST", body: JSON.stringify({ first, moved: await moved(view) }) });
})().catch((error) => {
  fetch("/result", { method: "POST", body: JSON.stringify({ error: String(error.stack) }) });
});
</script>"""


def measured(page: bytes, chromium: str) -> dict[str, Any]:
    """What the driver found out about a page."""
    done, result = threading.Event(), dict[str, Any]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page if self.path == "/page" else (DRIVER % (SECONDS, LOADS)).encode()
            self.send_response(200 if self.path in ("/", "/page") else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            result.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            done.set()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        command = [chromium, *FLAGS, f"--user-data-dir={profile}/p", address]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not done.wait(120):
                raise SystemExit("Chromium did not answer within two minutes")
        finally:
            browser.terminate()
            browser.wait(20)
            server.shutdown()
    return result


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", nargs="*", default=["conv-vae-2d", "conv-vae", "gan"])
    parser.add_argument("--dataset", default="builtin")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is not installed")
    dataset = load_dataset(arguments.dataset)
    for name in arguments.runs:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.html"
            export(find_exporter("web"), KeptRunExport(find_run(name), lambda: dataset), path)
            page = path.read_bytes()
        found = measured(page, chromium)
        if "error" in found:
            raise SystemExit(found["error"])
        line = f"{name}: {len(page) / 1e6:.2f} MB, first picture {statistics.median(found['first']):.0f} ms"
        if found["moved"] is not None:
            spent = sorted(found["moved"]["spent"])
            late = spent[int(0.99 * (len(spent) - 1))]
            line += f", {found['moved']['frames']:.1f} frames/s, a frame {statistics.median(spent):.1f} ms"
            line += f" (99th percentile {late:.1f})"
        print(line, flush=True)


if __name__ == "__main__":
    main()
