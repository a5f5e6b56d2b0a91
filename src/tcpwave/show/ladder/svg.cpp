// A ladder as SVG 1.1: rectangles, lines and text, and nothing from outside. See ladder.h.
//
// The colours are those of Okabe and Ito, which people with any colour vision tell apart; every state
// stands there in words too, and what is lost is dashed, so a print in grey loses nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <cmath>

#include "tcpwave/ladder.h"
#include "tcpwave/show/columns.h"
#include "tcpwave/show/decimal.h"
#include "tcpwave/show/ladder/layout.h"
#include "tcpwave/show/ladder/words.h"

namespace tcpwave {
namespace {

using namespace ladder_layout;
using ladder_words::Phrase;

// Across the page.
constexpr double kWidth = 1372, kTimeRight = 152, kBand = 14, kHead = 104, kFoot = 40;
constexpr std::array<double, 2> kLife{366, 856};    // middle of the bands
constexpr std::array<double, 2> kGutter{246, 976};  // spans
constexpr double kNotes = 1060;
constexpr double kMono = 7.23;  // width of a character of 12 px, a little generous

struct Paint {
  const char* fill;
  const char* text;
};

Paint paint_of(State s) {
  switch (s) {
    case State::Unknown:
      return {"#ffffff", "#555555"};
    case State::Closed:
      return {"#d9d9d9", "#555555"};
    case State::Listen:
      return {"#efefef", "#555555"};
    case State::SynSent:
    case State::SynReceived:
      return {"#56b4e9", "#1f6f9f"};
    case State::Established:
      return {"#009e73", "#00694d"};
    case State::FinWait1:
      return {"#e69f00", "#8a5f00"};
    case State::FinWait2:
      return {"#f0e442", "#736b00"};
    case State::CloseWait:
      return {"#cc79a7", "#93446f"};
    case State::Closing:
      return {"#7f3b08", "#7f3b08"};
    case State::LastAck:
      return {"#d55e00", "#a34700"};
    case State::TimeWait:
      return {"#0072b2", "#005685"};
  }
  return {"#ffffff", "#000000"};
}

constexpr std::string_view kStyle =
    "text{font-family:'DejaVu Sans',Verdana,Arial,Helvetica,'Noto Sans CJK SC','Microsoft "
    "YaHei','WenQuanYi Micro Hei',sans-serif;font-size:12px;fill:#222}"
    ".m{font-family:'DejaVu Sans Mono',Consolas,Menlo,'Liberation Mono','Noto Sans Mono CJK "
    "SC','WenQuanYi Micro Hei Mono',monospace}"
    ".h{font-size:19px;font-weight:bold}.s{font-size:13px;font-weight:bold}"
    ".q{fill:#666;font-size:11px}.w{fill:#fff;font-size:11px;font-weight:bold}"
    ".n{fill:#a32000;font-weight:bold}.o{fill:#44525c}.e{text-anchor:end}.c{text-anchor:middle}"
    ".a{stroke:#222;stroke-width:1.6;fill:none}.d{stroke:#555;stroke-dasharray:6 5}"
    ".t{stroke:#666;stroke-width:1;fill:none}"
    ".k{stroke:#8a8a8a;stroke-width:1;stroke-dasharray:1 3;fill:none}";

class Writer {
 public:
  explicit Writer(const Ladder& ladder) : ladder_(ladder), layout_(place(ladder)) {}

  std::string write() {
    begin();
    for (const Span& span : layout_.spans) tint(span);
    bands();
    for (const Pause& pause : layout_.pauses) add(pause);
    for (const PlacedFold& fold : layout_.folds) add(fold);
    for (const PlacedArrow& arrow : layout_.arrows) add(arrow);
    for (const PlacedArrow& arrow : layout_.arrows)
      plate(arrow);  // so that no arrow strikes words through
    for (const PlacedArrow& arrow : layout_.arrows) words(arrow);
    for (const Span& span : layout_.spans) bracket(span);
    end();
    return std::move(out_);
  }

 private:
  static double down(double y) { return y + kHead; }

  [[nodiscard]] std::string say(Phrase phrase) const {
    return ladder_words::say(phrase, ladder_.language);
  }

  static std::string number(double value) { return fixed(value, 1); }

  void text(double x, double y, const char* style, const std::string& words,
            const char* more = "") {
    out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + style + "\"" + more +
            ">" + xml_escaped(words) + "</text>\n";
  }

  void rect(double x, double y, double width, double height, const std::string& more) {
    out_ += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) +
            "\" height=\"" + number(height) + "\" " + more + "/>\n";
  }

  void line(double x1, double y1, double x2, double y2, const char* style) {
    out_ += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
            "\" y2=\"" + number(y2) + "\" class=\"" + style + "\"/>\n";
  }

  void begin() {
    const std::string height = number(down(layout_.bottom) + kFoot), width = number(kWidth);
    const std::string heading = ladder_words::title(ladder_);
    out_ =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
        width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height +
        "\">\n<title>" + xml_escaped(heading) + "</title>\n<style>" + std::string(kStyle) +
        "</style>\n";
    rect(0, 0, kWidth, down(layout_.bottom) + kFoot, "fill=\"#ffffff\"");
    text(24, 34, "h", heading);
    text(24, 58, "", ladder_words::verdict(ladder_));
    text(kLife[0], kHead - 10, "s c", say(Phrase::Client));
    text(kLife[1], kHead - 10, "s c", say(Phrase::Server));
    text(kTimeRight, kHead - 10, "q e", say(Phrase::FrameAndTime));
  }

  void end() {
    const double y = down(layout_.bottom) + 24;
    text(24, y, "q", say(Phrase::Footnote));
    out_ += "</svg>\n";
  }

  // --- lifelines --------------------------------------------------------------------------------

  void bands() {
    for (const Side side : {Side::Client, Side::Server}) {
      const PlacedState* above = nullptr;
      for (const PlacedState& state : layout_.states) {
        if (state.side != side) continue;
        if (above != nullptr) band(*above, state.top);
        above = &state;
      }
      if (above != nullptr) band(*above, layout_.bottom);
    }
  }

  void band(const PlacedState& state, double bottom) {
    const auto side = static_cast<std::size_t>(state.side);
    const Paint paint = paint_of(state.state);
    rect(kLife[side] - kBand / 2, down(state.top), kBand, std::max(bottom - state.top, 1.0),
         std::string("fill=\"") + paint.fill + R"(" stroke="#333" stroke-width="0.8")");
    const double x = kLife[side] + (side == 0 ? -1 : 1) * (kBand / 2 + 6);
    const std::string colour = std::string(" style=\"fill:") + paint.text + "\"";
    constexpr double kAgain = 700;  // a long state says its name on every page
    for (double y = state.top; y == state.top || y < bottom - kNextLine; y += kAgain)
      text(x, down(y) + 12, side == 0 ? "s e" : "s", std::string(name(state.state)),
           colour.c_str());
  }

  // --- arrows -----------------------------------------------------------------------------------

  struct Shaft {
    double x1, y1, x2, y2;
  };

  static Shaft shaft_of(const PlacedArrow& placed) {
    const bool to_right = placed.arrow->segment.sender == Side::Client;
    const double edge = to_right ? kBand / 2 : -kBand / 2;
    return {kLife[to_right ? 0 : 1] + edge, down(placed.sent), kLife[to_right ? 1 : 0] - edge,
            down(placed.arrived)};
  }

  void add(const PlacedArrow& placed) {
    const LadderArrow& arrow = *placed.arrow;
    Shaft s = shaft_of(placed);
    const double way = s.x2 > s.x1 ? 1 : -1;
    clock(arrow, way > 0 ? s.y1 : s.y2);
    if (arrow.segment.lost) {
      constexpr double kReach = 0.8;
      s.x2 = s.x1 + (s.x2 - s.x1) * kReach;
      s.y2 = s.y1 + (s.y2 - s.y1) * kReach;
      cross(s.x2, s.y2);
    } else {
      head(s.x2, s.y2, way, std::atan2(s.y2 - s.y1, std::abs(s.x2 - s.x1)));
      s.x2 -= way * 8;
    }
    line(s.x1, s.y1, s.x2, s.y2, arrow.segment.lost ? "a d" : "a");
    notes(placed, s);
  }

  void head(double x, double y, double way, double angle) {
    constexpr double kLength = 12, kSpread = 0.36;
    std::string points = number(x) + "," + number(y);
    for (const double turn : {-kSpread, kSpread})
      points += " " + number(x - way * kLength * std::cos(angle + turn)) + "," +
                number(y - kLength * std::sin(angle + turn));
    out_ += "<polygon points=\"" + points + "\" fill=\"#222\"/>\n";
  }

  void cross(double x, double y) {
    constexpr double kArm = 6;
    for (const double way : {-1.0, 1.0}) {
      out_ += "<line x1=\"" + number(x - kArm) + "\" y1=\"" + number(y - way * kArm) + "\" x2=\"" +
              number(x + kArm) + "\" y2=\"" + number(y + way * kArm) +
              "\" stroke=\"#b22200\" stroke-width=\"2.4\"/>\n";
    }
  }

  /// The words on an arrow, and where they stand.
  struct Label {
    std::string step, segment;
    double plate = 0, gap = 0, width = 0, left = 0;
    std::string place;  ///< the attribute that moves there and turns
  };

  /// In the arrow's middle, or near its sender where another arrow crosses it.
  [[nodiscard]] Label label_of(const PlacedArrow& placed) const {
    const auto [x1, y1, x2, y2] = shaft_of(placed);
    Label label;
    label.step = ladder_words::step(*placed.arrow, ladder_.language);
    label.segment = ladder_words::segment(*placed.arrow, ladder_.language);
    if (!label.step.empty()) {
      label.plate = static_cast<double>(columns_of(label.step)) * 6.9 + 14;
      label.gap = 8;
    }
    label.width = label.plate + label.gap + static_cast<double>(columns_of(label.segment)) * kMono;
    label.left = -label.width / 2;
    const double length = std::abs(x2 - x1);
    const double middle = placed.crosses ? std::max(0.25, (label.width / 2 + 16) / length) : 0.5;
    constexpr double kDegrees = 180 / 3.14159265358979;
    const double angle = std::atan2(y2 - y1, length) * (x2 > x1 ? kDegrees : -kDegrees);
    label.place = "transform=\"translate(" + number(x1 + (x2 - x1) * middle) + " " +
                  number(y1 + (y2 - y1) * middle) + ") rotate(" + number(angle) + ")\"";
    return label;
  }

  /// White below the words.
  void plate(const PlacedArrow& placed) {
    const Label label = label_of(placed);
    rect(label.left - 3, -22, label.width + 6, 18, label.place + " fill=\"#ffffff\" rx=\"3\"");
  }

  /// The step on a plate, flags and numbers.
  void words(const PlacedArrow& placed) {
    const Label label = label_of(placed);
    out_ += "<g " + label.place + ">\n";
    if (!label.step.empty()) {
      const bool rst = placed.arrow->annotation.steps.empty();
      const bool handshake = !rst && placed.arrow->annotation.steps[0].phase == Phase::Handshake;
      rect(label.left, -21, label.plate, 16,
           std::string(R"(rx="8" fill=")") +
               (handshake ? "#1f6f9f"
                : rst     ? "#8f1f00"
                          : "#a34700") +
               "\"");
      text(label.left + label.plate / 2, -9, "w c", label.step);
    }
    text(label.left + label.plate + label.gap, -8, "m", label.segment);
    out_ += "</g>\n";
  }

  void clock(const LadderArrow& arrow, double y) {
    text(kTimeRight, y + 4, "m e", ladder_words::clock(ladder_, arrow.segment.time_ns));
    text(kTimeRight - 13 * kMono, y + 4, "q e", "#" + std::to_string(arrow.segment.frame));
  }

  /// Beside the server, with a line to their arrow's end there; a lost one's begins at its cross.
  void notes(const PlacedArrow& placed, const Shaft& shaft) {
    if (placed.notes.empty()) return;
    double y = down(placed.notes_top) + 11;
    constexpr double kTurn = kNotes - 16;
    const bool lost = placed.arrow->segment.lost && shaft.x2 > shaft.x1;
    const bool to_right = shaft.x2 > shaft.x1;
    const double x0 = lost ? shaft.x2 + 10 : kLife[1] + kBand / 2 + 2;
    const double y0 = to_right ? shaft.y2 : shaft.y1;
    out_ += "<path d=\"M" + number(x0) + " " + number(y0) + "H" + number(kTurn) + "V" +
            number(y - 4) + "H" + number(kNotes - 4) + "\" class=\"k\"/>\n";
    for (const ladder_words::Note& note : placed.notes) {
      text(kNotes, y, note.severity >= Severity::Warn ? "n" : "o", note.text);
      y += kLine;
    }
  }

  // --- the rest ---------------------------------------------------------------------------------

  void add(const PlacedFold& fold) {
    constexpr double kIndent = 34;
    rect(kLife[0] + kIndent, down(fold.top), kLife[1] - kLife[0] - 2 * kIndent,
         fold.bottom - fold.top, R"(rx="7" fill="#f5f5f5" stroke="#888" stroke-dasharray="2 3")");
    double y = down(fold.top) + kLine + 2;
    for (const std::string& words : fold.lines) {
      text((kLife[0] + kLife[1]) / 2, y, "c", words);
      y += kLine;
    }
  }

  void add(const Pause& pause) {
    text((kLife[0] + kLife[1]) / 2, down(pause.middle) + 4, "q c", pause.text);
    constexpr double kHalf = 62;
    const double x = (kLife[0] + kLife[1]) / 2, y = down(pause.middle);
    line(kLife[0] + kBand, y, x - kHalf, y, "t d");
    line(x + kHalf, y, kLife[1] - kBand, y, "t d");
  }

  void tint(const Span& span) {
    if (!span.between) return;
    rect(kLife[0], down(span.top), kLife[1] - kLife[0], span.bottom - span.top, "fill=\"#fff6d6\"");
  }

  void bracket(const Span& span) {
    const auto side = static_cast<std::size_t>(span.side);
    const double x = kGutter[side], inward = side == 0 ? 5 : -5;
    const double top = down(span.top) + 2, bottom = down(span.bottom) - 2;
    out_ += "<path d=\"M" + number(x + inward) + " " + number(top) + "H" + number(x) + "V" +
            number(bottom) + "H" + number(x + inward) + "\" class=\"t\"/>\n";
    double y = (top + bottom) / 2 - kLine * (static_cast<double>(span.lines.size()) / 2 - 0.8);
    for (const std::string& words : span.lines) {
      text(x - inward, y, side == 0 ? "q e" : "q", words);
      y += kLine;
    }
  }

  static constexpr double kNextLine = 16;
  const Ladder& ladder_;
  Layout layout_;
  std::string out_;
};

/// How long the UTF-8 sequence at the front is; 0 where it is none that XML allows.
std::size_t character(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((octet(i) & 0xC0) != 0x80) return 0;
  const unsigned char second = octet(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool too_high = lead == 0xF4 && second > 0x8F;
  const bool noncharacter = lead == 0xEF && second == 0xBF && octet(2) > 0xBD;
  return overlong || surrogate || too_high || noncharacter ? 0 : size;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t size = character(text);
    switch (text.front()) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return safe;
}

std::string ladder_svg(const Ladder& ladder) { return Writer(ladder).write(); }

}  // namespace tcpwave
