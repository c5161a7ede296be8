// Builder: the events of yaml-cpp to Values. The only class that sees yaml-cpp's events.
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "base/diagnostics.hpp"
#include "yaml/load.hpp"
#include "yaml/value.hpp"

namespace cfy::yaml {

/// Thrown through yaml-cpp to stop it: the mistake leaves no sensible rest of the file.
struct Stop {
  std::string message;
  base::SourceRange range;
};

class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, base::FileId file, Arena& arena, base::Diagnostics& diagnostics,
          const LoadOptions& options);

  /// The document's value; nullptr when there was no document.
  /// Where the list or dict begins that is not ended yet and stands deepest.
  base::SourceRange innermost() const {
    return frames_.empty() ? base::SourceRange{.file = file_} : frames_.back().range;
  }
  const Value* root() const { return root_; }
  base::SourceRange range_at(const YAML::Mark& mark, std::size_t width = 1) const;

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  enum class Shape { list, map };
  // A list or map that is still open; its children are the end of pending_.
  struct Frame {
    Shape shape;
    bool is_flow;
    std::string tag;
    YAML::anchor_t anchor;
    base::SourceRange range;
    std::size_t first_child;
  };

  void add(const Value* value, YAML::anchor_t anchor);
  void check_key(const Value& key);
  bool expects_key() const;
  void check_flow_gap(const YAML::Mark& mark);
  const Value* make_plain(std::string_view text, const base::SourceRange& range);
  const Value* make_tagged(std::string_view tag, std::string_view text,
                           const base::SourceRange& range);
  const Value* make_text(std::string_view text, const base::SourceRange& range);
  const Value* make_list(const Frame& frame);
  const Value* make_pairs(const Frame& frame, std::span<const Value* const> items);
  const Value* make_map_or_set(const Frame& frame);
  const Value* bad_value(const base::SourceRange& range, std::string message);
  base::SourceRange scalar_range(const YAML::Mark& mark, bool is_plain, std::string_view value);
  std::string_view source_view(const YAML::Mark& mark, std::string_view value) const;
  void report(base::SourceRange range, int code, std::string type, std::string message);
  void open(Shape shape, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            bool is_flow);

  std::string_view text_;
  base::FileId file_;
  Arena& arena_;
  base::Diagnostics& diagnostics_;
  LoadOptions options_;
  bool is_ascii_;
  const Value* root_ = nullptr;
  bool has_document_ = false;
  std::uint64_t aliased_values_ = 0;
  std::vector<const Value*> pending_;
  std::vector<Entry> entries_;  // of the map that is being closed; kept for its memory
  std::vector<Frame> frames_;
  std::vector<const Value*> anchors_;  // by number; nullptr while the anchored value is open
};

/// Whether every byte is below 0x80.
bool is_ascii(std::string_view text);

}  // namespace cfy::yaml
