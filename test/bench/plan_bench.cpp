// plan_bench: what it costs to make a plan, beside what yaml-cpp needs to emit the events of the
// same file. Layered blueprints of four sizes, two relationships a node, so that anything that
// grows faster than the blueprint shows. Prints numbers; never fails because of them.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include "deploy/prepare.hpp"
#include "dsl/load.hpp"
#include "plan/to_json.hpp"
#include "support/temp_dir.hpp"

namespace {

constexpr std::size_t kLayer = 10;

// @param port  the default of an operation's input: a number, or a function that gives each node an
//   operation of its own
std::string layered_blueprint(std::size_t nodes, const std::string& port) {
  std::string text = R"(tosca_definitions_version: cloudify_dsl_1_4
imports:
  - cloudify/types/types.yaml
inputs:
  port: {type: integer, default: 8080}
plugins:
  p: {executor: central_deployment_agent, install: false}
node_types:
  layered.nodes.Service:
    derived_from: cloudify.nodes.Root
    properties:
      port: {type: integer}
      name: {type: string, default: service}
    interfaces:
      cloudify.interfaces.lifecycle:
        create: p.service.create
        start: {implementation: p.service.start, inputs: {port: {default: )" +
                     port + R"(}}}
node_templates:
)";
  for (std::size_t i = 0; i < nodes; ++i) {
    text += fmt::format(
        "  n{}:\n    type: layered.nodes.Service\n    properties:\n"
        "      port: {{get_input: port}}\n      name: service-{}\n",
        i, i);
    if (i < kLayer) continue;
    const std::size_t below = i - i % kLayer - kLayer;
    text += fmt::format(
        "    relationships:\n"
        "      - type: cloudify.relationships.depends_on\n        target: n{}\n"
        "      - type: cloudify.relationships.connected_to\n        target: n{}\n",
        below + i % kLayer, below + (i + 1) % kLayer);
  }
  return text;
}

/// Takes every event and does nothing.
class NullHandler : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

template <typename Function>
double fastest_ms(int times, const Function& function) {
  double best = 1e300;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    function();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

void emit_events(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  NullHandler handler;
  while (parser.HandleNextDocument(handler)) {
  }
}

struct Times {
  double load_ms = 0, prepare_ms = 0, print_ms = 0;
  std::size_t bytes = 0;
  double plan_ms() const { return load_ms + prepare_ms; }
};

// What `plan --json` does: the blueprint read, the deployment prepared, all of it printed.
Times make_plan(const std::filesystem::path& path) {
  Times times;
  cfy::base::SourceMap sources;
  cfy::base::Diagnostics diagnostics;
  cfy::dsl::LoadOptions options;
  options.path = path;
  std::optional<cfy::plan::Plan> plan;
  times.load_ms =
      fastest_ms(1, [&] { plan = cfy::dsl::load_blueprint(options, sources, diagnostics); });
  if (!plan) throw std::runtime_error("the generated blueprint is wrong");
  times.prepare_ms = fastest_ms(
      1, [&] { plan = cfy::deploy::prepare_deployment(*std::move(plan), {}, diagnostics); });
  if (!plan) throw std::runtime_error("the generated blueprint cannot be deployed");
  times.print_ms = fastest_ms(1, [&] {
    cfy::plan::write_json(*plan, [&](std::string_view text) { times.bytes += text.size(); });
  });
  return times;
}

void measure(std::size_t nodes, const std::string& port, const std::filesystem::path& folder) {
  const std::string text = layered_blueprint(nodes, port);
  const auto path = folder / fmt::format("{}.yaml", nodes);
  std::ofstream(path, std::ios::binary) << text;
  const int times = nodes >= 10'000 ? 3 : 7;
  const double events_ms = fastest_ms(times, [&] { emit_events(text); });
  Times best{1e300, 0, 0, 0};
  for (int i = 0; i < times; ++i)
    if (const Times now = make_plan(path); now.plan_ms() < best.plan_ms()) best = now;
  fmt::print(
      "plan of {:>6} nodes: {:8.2f} ms ({:.1f} us a node) = load {:.2f} + prepare {:.2f};  "
      "yaml-cpp's "
      "events {:.2f} ms, ratio {:.2f}{};  as JSON {:.2f} ms ({:.1f} MB)\n",
      nodes, best.plan_ms(), best.plan_ms() * 1000 / static_cast<double>(nodes), best.load_ms,
      best.prepare_ms, events_ms, best.plan_ms() / events_ms,
      nodes == 10'000 ? " (budget 1.5)" : "", best.print_ms, static_cast<double>(best.bytes) / 1e6);
}

}  // namespace

int main() {
  mallopt(M_MXFAST, 0);  // as in cfy-run
  const cfy::test::TempDir folder;
  for (const std::size_t nodes : {10U, 100U, 1'000U, 10'000U})
    measure(nodes, "8080", folder.path());
  fmt::print("an operation of each node has a function in its inputs:\n");
  for (const std::size_t nodes : {1'000U, 10'000U})
    measure(nodes, "{get_property: [SELF, port]}", folder.path());
  return 0;
}
