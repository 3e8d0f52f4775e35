#include "scenarios/risk/source_text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace venturi {

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)), line_starts_{0} {
    for (std::size_t i = 0; i < text_.size(); ++i)
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
}

SourcePosition SourceText::at(std::size_t byte) const {
    byte = std::min(byte, text_.size());
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
    const std::string_view before = std::string_view(text_).substr(*(next - 1), byte - *(next - 1));
    const auto characters =
        std::count_if(before.begin(), before.end(), [](char c) { return (c & '\xC0') != '\x80'; });
    return {.file = name_,
            .line = static_cast<int>(next - line_starts_.begin()),
            .column = static_cast<int>(characters) + 1};
}

}  // namespace venturi
