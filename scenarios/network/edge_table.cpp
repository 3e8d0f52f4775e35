#include "scenarios/network/edge_table.hpp"

#include "scenarios/network/column_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t most_columns = 64;

void add(ColumnSurvey& column, const std::string& text) {
    if (text.empty()) {
        ++column.empty;
        return;
    }
    const std::optional<double> number = number_of(text);
    if (number && std::isfinite(*number)) {
        ++column.numbers;
        if (text.find('.') != std::string::npos) ++column.decimals;
        if (is_whole_number(text)) ++column.whole;
        return;
    }
    if (text.size() > 10) return;
    const std::string lower = lower_case(text);
    if (lower == "directed") ++column.directed;
    if (lower == "undirected") ++column.undirected;
}

/// Sees the rows behind the first and compares them with it.
class Surveyor {
  public:
    explicit Surveyor(TableSurvey& survey) : survey_(survey) {
        const auto ends = ends_by_name(survey.first);
        if (ends) ends_ = {ends->source, ends->target};
        if (ends && ends->strength == NameStrength::weak) {
            stem_ = survey.first[ends_.front()].text;
            stem_.pop_back();
        }
        note_diagonal(survey.first);
    }

    void see(const std::vector<DelimitedField>& fields) {
        TableSurvey& survey = survey_;
        ++survey.rows;
        survey.narrowest = survey.rows == 1 ? fields.size() : std::min(survey.narrowest, fields.size());
        survey.widest = std::max(survey.widest, fields.size());
        const std::size_t count = std::min(fields.size(), most_columns);
        if (survey.columns.size() < count) survey.columns.resize(count);
        for (std::size_t i = 0; i < count; ++i) add(survey.columns[i], fields[i].text);
        if (survey.rows <= survey.first.size() + 1) survey.first_column.push_back(fields.front().text);
        survey.counts_rows =
            (survey.rows == 1 || survey.counts_rows) && fields.front().text == std::to_string(survey.rows);
        note_diagonal(fields);
        note_names(fields);
    }

  private:
    void note_diagonal(const std::vector<DelimitedField>& fields) {
        const std::size_t row = diagonal_rows_++;
        if (row < fields.size() && number_of(fields[row].text) == 0.0) ++survey_.zeros_on_diagonal;
    }

    void note_names(const std::vector<DelimitedField>& fields) {
        for (const std::size_t column : ends_) {
            if (column >= fields.size()) continue;
            const std::string& text = fields[column].text;
            for (const std::size_t end : ends_)
                if (end < survey_.first.size() && text == survey_.first[end].text) survey_.names_recur = true;
            if (!stem_.empty() && text.size() > stem_.size() && text.size() <= stem_.size() + 6
                && text.starts_with(stem_))
                survey_.stems_recur = true;
        }
    }

    TableSurvey& survey_;
    std::array<std::size_t, 2> ends_ = {0, 1};
    std::string stem_;  // what names of a weak pair have in common
    std::size_t diagonal_rows_ = 0;
};

// --------------------------------------------------------------------------------------------- decisions

class Decision {
  public:
    Decision(const TableSurvey& survey, const TableForm& form, const NetworkOptions& options,
             FileProblems& problems)
        : survey_(survey), form_(form), options_(options), problems_(problems) {}

    EdgeColumns decide() {
        made_.directed = options_.directed || options_.obligations;
        made_.width = survey_.first.size();
        refuse_other_kinds();
        if (read_konect()) return std::move(made_);
        read_snap_direction();
        find_header();
        made_.has_header ? find_named_columns() : find_numbered_columns();
        refuse_numbers_as_names();
        made_.understood = in_words();
        return std::move(made_);
    }

  private:
    [[noreturn]] void refuse(std::string message, std::string legal, std::string value = {},
                             std::string nearest = {}) {
        problems_.fail(survey_.first_byte, {.position = {},
                                            .message = std::move(message),
                                            .value = std::move(value),
                                            .legal = std::move(legal),
                                            .nearest = std::move(nearest)});
    }

    // What a column holds, with the first row where this is no header.
    [[nodiscard]] ColumnSurvey column(std::size_t index) const {
        ColumnSurvey column = index < survey_.columns.size() ? survey_.columns[index] : ColumnSurvey{};
        const bool counts_first = !made_.has_header || from_comment_;
        if (counts_first && index < survey_.first.size()) add(column, survey_.first[index].text);
        return column;
    }
    [[nodiscard]] std::size_t edges() const {
        return survey_.rows + (made_.has_header && !from_comment_ ? 0 : 1);
    }
    [[nodiscard]] const std::vector<DelimitedField>& names() const {
        return from_comment_ ? survey_.heading : survey_.first;
    }

    void refuse_other_kinds() {
        for (const std::string& line : survey_.head)
            if (line.starts_with("# GMT "))
                refuse("an adjacency list of networkx, which has several targets in a line",
                       "a list of edges, as of networkx.write_edgelist, or GraphML");
        if (survey_.has_word_between && survey_.widest <= 2 && form_.separator == ' '
            && options_.comment.empty())
            refuse("lines of # and a name between those of one or two fields, as in igraph's LGL format",
                   "a list of edges, as of igraph's format ncol, or GraphML; lines that begin with # are "
                   "comments with --comment '#'");
        if (survey_.has_empty_between && form_.separator == ' ' && options_.comment.empty())
            refuse(
                "a line of # alone between others, as in the Trivial Graph Format",
                "a list of edges alone, or GraphML; lines that begin with # are comments with --comment '#'");
        const std::size_t width = survey_.first.size();
        const bool is_square =
            width >= 3 && survey_.rows + 1 == width && survey_.narrowest == width && survey_.widest == width;
        if (is_square && options_.header == HeaderRow::automatic && survey_.zeros_on_diagonal == width)
            refuse(fmt::format("{} rows of {} numbers, with zeros on the diagonal: an adjacency matrix?",
                               width, width),
                   "an adjacency matrix with names of vertices above and at the left; a list of edges, with "
                   "--header no");
    }

    // % sym positive: of http://konect.cc
    bool read_konect() {
        if (survey_.head.empty() || !survey_.head.front().starts_with('%')) return false;
        std::string_view line = std::string_view(survey_.head.front()).substr(1);
        std::vector<std::string> words;
        while (!line.empty() && words.size() < 3) {
            const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
            const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
            if (end > begin) words.emplace_back(line.substr(begin, end - begin));
            line.remove_prefix(end);
        }
        if (words.empty() || (words[0] != "sym" && words[0] != "asym" && words[0] != "bip")) return false;
        if (words[0] == "bip")
            refuse("a bipartite network of KONECT, which numbers the vertices of its two sides alike",
                   "names that differ from one side to the other");
        if (survey_.first.size() < 2) return false;
        if (options_.header == HeaderRow::yes)
            refuse(
                "--header yes: a list of KONECT, which begins with % and the kind of its network, has no "
                "header",
                "--header no, or no --header");
        // Its third column may be asked for by its number, as in other tables without a header.
        const bool asks_third = options_.weight == "3" && made_.width > 2;
        if (!asks_third)
            refuse_named_weight(options_, "a list of KONECT", problems_,
                                made_.width > 2 ? "3, the number of the column; none" : "none");
        made_.directed = words[0] == "asym";
        made_.direction_is_open = false;
        const std::string kind = words.size() > 1 ? words[1] : "unweighted";
        check_name(kind, survey_.first_byte, problems_, "a kind of network");
        const bool has_weights = made_.width > 2 && kind != "unweighted" && options_.weight != "none";
        if (has_weights || asks_third) made_.weight = 2;
        made_.understood = fmt::format("KONECT, {} {}: columns 1 and 2 are ends{}{}", words[0], kind,
                                       made_.weight ? ", column 3 the weight" : "",
                                       made_.width > (made_.weight ? 3U : 2U) ? ", others ignored" : "");
        return true;
    }

    void read_snap_direction() {
        for (const std::string& line : survey_.head) {
            std::string_view words = line;
            words.remove_prefix(std::min(words.find_first_not_of("# \t"), words.size()));
            if (words.starts_with("Directed graph")) made_.directed = true;
            const bool without = words.starts_with("Undirected graph");
            if (without && made_.directed)
                refuse("the file says that its graph is undirected, and a direction is needed",
                       "edges from a source to a target");
            if (!without && !words.starts_with("Directed graph")) continue;
            made_.direction_is_open = false;
            made_.remarks.emplace_back("the direction is that of its comments");
            return;
        }
    }

    // ------------------------------------------------------------------------------------------- header

    void find_header() {
        const auto ends = ends_by_name(survey_.first);
        const auto take = [&](const std::optional<NamedColumns>& found) {
            made_.has_header = true;
            if (!found) return take_first_names();
            named_ = true;
            made_.source = found->source;
            made_.target = found->target;
        };
        if (options_.header == HeaderRow::no) return;
        if (options_.header == HeaderRow::yes) return take(ends);
        if (ends && !survey_.names_recur
            && (ends->strength == NameStrength::strong || is_no_pair_of_vertices()))
            return take(ends);
        if (ends && ends->strength == NameStrength::strong)
            refuse(
                fmt::format("the first line is a header, or an edge of vertices called {} and {}, which are "
                            "named further down",
                            in_quotes(survey_.first[ends->source].text),
                            in_quotes(survey_.first[ends->target].text)),
                "--header yes, --header no");
        if (const auto heading = ends_by_name(survey_.heading)) {
            from_comment_ = made_.header_is_comment = true;
            return take(heading);
        }
        if (ends) return;  // vertices called v1 and v2 among others of their kind
        if (survey_.first.front().text.empty())
            refuse("the first line begins with an empty field, as of a matrix",
                   "a matrix with the same names of vertices above and at the left, or source,target,weight");
        refuse_half_header();
        if (is_table_of_vertices(survey_.first))
            refuse("a table of vertices, with ids and labels, not of edges",
                   "source,target or source,target,weight");
        if (survey_.rows == 0 || survey_.first.size() < 2) return;
        if (survey_.first.size() > 2) return find_header_by_weights();
        find_header_by_numbers();
    }

    // Of names such as v1 and v2: no more of their kind are further down. In a first line that is the only
    // one a column of weights must have a name too.
    [[nodiscard]] bool is_no_pair_of_vertices() const {
        if (survey_.rows > 0) return !survey_.stems_recur;
        return survey_.first.size() > 2 && is_weight_name(survey_.first[2].text);
    }

    // The first two that describe no edge and are no weight, where there are two.
    void take_first_names() {
        made_.has_header = true;
        std::vector<std::size_t> ends;
        for (std::size_t i = 0; i < survey_.first.size() && ends.size() < 2; ++i)
            if (!is_description_name(survey_.first[i].text) && !is_weight_name(survey_.first[i].text))
                ends.push_back(i);
        if (ends.size() < 2) return;
        made_.source = ends[0];
        made_.target = ends[1];
    }

    // One of a pair, without the other.
    void refuse_half_header() {
        constexpr auto halves =
            std::to_array<std::string_view>({"source", "target", "sourceid", "targetid", "src", "dst",
                                             "fromnodeid", "tonodeid", "startid", "endid"});
        if (survey_.names_recur) return;
        for (const DelimitedField& field : survey_.first) {
            if (std::find(halves.begin(), halves.end(), plain_name(field.text)) == halves.end()) continue;
            refuse(fmt::format("a header with {}, but without a column for the other end, or with several",
                               in_quotes(field.text)),
                   "columns called source and target; --header no where the first line is an edge");
        }
    }

    // Whether a third field is a column's name shows in those below it.
    void find_header_by_weights() {
        const std::string& third = survey_.first[2].text;
        const bool is_column_of_numbers =
            survey_.columns.size() > 2 && survey_.columns[2].numbers == survey_.rows;
        if (begins_as_number(third)) return;
        if (is_weight_name(third) && !survey_.names_recur) return take_first_names();
        if (is_column_of_numbers)
            refuse(fmt::format("the first line is a header, or an edge whose weight, {}, is no number",
                               in_quotes(third)),
                   "--header yes, --header no; columns called source, target and weight");
        if (!survey_.names_recur) find_header_by_numbers();
    }

    // Words above columns of numbers.
    void find_header_by_numbers() {
        const bool are_words =
            std::none_of(survey_.first.begin(), survey_.first.end(), [](const DelimitedField& field) {
                return begins_as_number(field.text) || field.text.starts_with('#');
            });
        if (!are_words || survey_.columns.size() < 2) return;
        if (survey_.columns[0].whole != survey_.rows || survey_.columns[1].whole != survey_.rows) return;
        if (survey_.rows > 1) return take_first_names();
        refuse(fmt::format("the first line, {} and {}, is a header or an edge",
                           in_quotes(survey_.first[0].text), in_quotes(survey_.first[1].text)),
               "--header yes, --header no; columns called source and target");
    }

    // ------------------------------------------------------------------------------------------ columns

    void find_named_columns() {
        for (const DelimitedField& field : names()) check_name(field.text, field.byte, problems_, "a column");
        problems_.throw_if_any();
        if (names().size() < 2)
            refuse("a header of one field; an edge has two ends", "source,target or source,target,weight");
        // A column of the rows' names has no name itself in R's tables.
        const bool has_row_names = !from_comment_ && survey_.rows > 0 && survey_.counts_rows
                                   && survey_.narrowest == names().size() + 1
                                   && survey_.widest == names().size() + 1;
        offset_ = has_row_names ? 1 : 0;
        made_.width = names().size() + offset_;
        made_.source += offset_;
        made_.target += offset_;
        made_.weight = asked_weight();
        if (!made_.weight && options_.weight.empty()) made_.weight = weight_by_name();
        for (std::size_t i = 0; i < names().size(); ++i) {
            const std::string name = plain_name(names()[i].text);
            if ((name != "type" && name != "edgetype") || is_end(i + offset_) || made_.weight == i + offset_)
                continue;
            const ColumnSurvey values = column(i + offset_);
            if (values.directed + values.undirected == 0) continue;
            if (made_.type)
                refuse(fmt::format("{} says which edges have a direction, and so does a column before it",
                                   in_quotes(names()[i].text)),
                       "one column of types");
            made_.type = i + offset_;
            made_.direction_is_open = false;
        }
    }

    [[nodiscard]] bool is_end(std::size_t index) const {
        return index == made_.source || index == made_.target;
    }

    // The column that --weight names.
    std::optional<std::size_t> asked_weight() {
        if (options_.weight.empty()) return std::nullopt;
        const auto taken = [&](std::size_t index) -> std::optional<std::size_t> {
            if (is_end(index))
                refuse(fmt::format("the weight can't be {}, which names an end of the edges",
                                   in_quotes(options_.weight)),
                       "another column");
            return index;
        };
        std::vector<std::string> legal;
        if (made_.has_header)
            for (const DelimitedField& field : names()) legal.push_back(field.text);
        for (std::size_t i = 0; i < legal.size(); ++i)
            if (legal[i] == options_.weight) return taken(i + offset_);
        for (std::size_t i = 0; i < legal.size(); ++i)
            if (lower_case(legal[i]) == lower_case(options_.weight)) return taken(i + offset_);
        if (options_.weight == "none") return std::nullopt;
        const std::optional<double> number =
            is_whole_number(options_.weight) ? number_of(options_.weight) : std::nullopt;
        if (!made_.has_header && number && *number >= 1 && *number <= static_cast<double>(made_.width))
            return taken(static_cast<std::size_t>(*number) - 1);
        refuse(fmt::format("there is no column {} for the weight", in_quotes(options_.weight)),
               made_.has_header
                   ? listed(legal) + ", none"
                   : fmt::format("a column's number up to {}, since no line names the columns; none",
                                 made_.width),
               options_.weight, nearest_name(options_.weight, legal));
    }

    std::optional<std::size_t> weight_by_name() {
        std::vector<std::size_t> called;
        std::vector<std::size_t> may_be;
        for (std::size_t i = 0; i < names().size(); ++i) {
            const std::size_t index = i + offset_;
            const std::string& name = names()[i].text;
            if (is_end(index)) continue;
            const ColumnSurvey values = column(index);
            if (values.empty == edges()) continue;
            if (plain_name(name) == "weight") return index;
            if (is_weight_name(name)) called.push_back(i);
            if (values.numbers == edges() && !is_weight_name(name) && !is_description_name(name))
                may_be.push_back(i);
        }
        if (called.size() == 1) return called.front() + offset_;
        const std::vector<std::size_t>& several = called.empty() ? may_be : called;
        if (several.empty() || (called.empty() && several.size() > 1)) return std::nullopt;
        std::string options;
        for (const std::size_t i : several) options += fmt::format("--weight {}, ", names()[i].text);
        refuse(fmt::format("it does not show whether the weight of an edge is its {}",
                           in_quotes(names()[several.front()].text)),
               options + "--weight none; a column called weight");
    }

    void find_numbered_columns() {
        if (made_.width < 2) return;  // which rows are refused for
        made_.weight = asked_weight();
        if (made_.weight || !options_.weight.empty() || made_.width < 3) return;
        const ColumnSurvey third = column(2);
        if (third.empty == edges()) return;
        if (third.numbers == 0 && edges() > 1)
            refuse(
                fmt::format("the third column, {}, ..., holds no weights", in_quotes(survey_.first[2].text)),
                "source,target or source,target,weight; --weight none passes over other columns; Cytoscape's "
                "source, interaction, targets stands in a file called .sif");
        made_.weight = 2;
    }

    // 4.3 is hardly the name of a vertex where the other ends have none of the kind.
    void refuse_numbers_as_names() {
        const ColumnSurvey sources = column(made_.source);
        const ColumnSurvey targets = column(made_.target);
        const bool odd = edges() > 0
                         && ((targets.decimals == edges() && sources.decimals == 0)
                             || (sources.decimals == edges() && targets.decimals == 0));
        if (odd && !named_ && options_.header == HeaderRow::automatic)
            refuse("numbers with a point stand where one end of each edge should be named",
                   "source,target,weight; --header no where vertices have such names");
    }

    // -------------------------------------------------------------------------------------------- words

    [[nodiscard]] std::string in_words() const {
        constexpr std::size_t most_shown = 12;
        std::string text;
        if (!made_.has_header) {
            text = fmt::format("no header: columns {} and {} are ends", made_.source + 1, made_.target + 1);
            if (made_.weight) text += fmt::format(", column {} the weight", *made_.weight + 1);
            const std::size_t used = made_.weight ? 3 : 2;
            if (made_.width > used) text += fmt::format(", {} ignored", made_.width - used);
            return text;
        }
        text = from_comment_ ? "header in a comment: " : "header: ";
        if (offset_ > 0) text += "names of rows ignored, ";
        for (std::size_t i = 0; i < std::min(names().size(), most_shown); ++i) {
            if (i > 0) text += ", ";
            const std::string& written = names()[i].text;
            text += written.empty() ? fmt::format("column {}", i + 1) : written;
            text += role_of(i + offset_, plain_name(written));
        }
        if (names().size() > most_shown) text += fmt::format(", and {} more", names().size() - most_shown);
        return text;
    }

    [[nodiscard]] std::string role_of(std::size_t index, const std::string& name) const {
        const auto as = [&](std::string_view role) {
            return name == role ? "" : fmt::format(" as {}", role);
        };
        if (index == made_.source) return as("source");
        if (index == made_.target) return as("target");
        if (made_.weight == index) return as("weight");
        if (made_.type == index) return " as direction";
        return " ignored";
    }

    const TableSurvey& survey_;
    const TableForm& form_;
    const NetworkOptions& options_;
    FileProblems& problems_;
    bool from_comment_ = false;  // the header
    bool named_ = false;         // the ends
    std::size_t offset_ = 0;     // columns before those that have names
    EdgeColumns made_;
};

}  // namespace

TableSurvey survey_of(const SourceText& source, const TableForm& form, FileProblems& problems) {
    TableSurvey survey;
    DelimitedRows rows(source, form, problems);
    std::vector<DelimitedField> fields;
    if (rows.next(survey.first)) {
        survey.first_byte = rows.byte();
        Surveyor surveyor(survey);
        while (rows.next(fields)) surveyor.see(fields);
    }
    survey.heading = rows.heading();
    survey.head.assign(rows.head().begin(), rows.head().end());
    survey.comments = rows.comments();
    survey.hash_rows = rows.hash_rows();
    survey.has_word_between = rows.has_word_between();
    survey.has_empty_between = rows.has_empty_between();
    return survey;
}

EdgeColumns edge_columns_of(const TableSurvey& survey, const TableForm& form, const NetworkOptions& options,
                            FileProblems& problems) {
    return Decision(survey, form, options, problems).decide();
}

}  // namespace venturi
