#include "scenarios/risk/open_psa.hpp"

#include "scenarios/risk/open_psa_reader.hpp"

#include <utility>

namespace venturi {

SourcePosition RiskModelSource::position(const Place& place) const {
    return files.at(place.file)->at(place.byte);
}

Problem RiskModelSource::problem(const ModelDefect& defect) const {
    const auto list = [&]() -> const std::vector<Place>& {
        switch (defect.element) {
            case ModelDefect::Element::expression:
                return expressions;
            case ModelDefect::Element::parameter:
                return parameters;
            case ModelDefect::Element::basic_event:
                return basic_events;
            case ModelDefect::Element::gate:
                return gates;
            case ModelDefect::Element::common_cause_group:
                return common_cause_groups;
            case ModelDefect::Element::initiating_event:
                return initiating_events;
            case ModelDefect::Element::sequence:
                break;
        }
        return sequences;
    }();
    return {.position = position(list.at(defect.index)), .message = defect.message, .legal = defect.legal};
}

namespace {

void expect_files(std::size_t count) {
    if (count == 0)
        throw ScenarioError(Problem{.position = {}, .message = "no file to read a risk model from"});
}

RiskModelReading read_documents(const std::vector<XmlDocument>& documents, const OpenPsaOptions& options) {
    open_psa::Reader reader(documents, options);
    reader.declare_all();
    reader.define_all();
    reader.check_all();
    return std::move(reader).take();
}

}  // namespace

RiskModelReading read_open_psa(std::span<const std::filesystem::path> files, const OpenPsaOptions& options) {
    expect_files(files.size());
    std::vector<XmlDocument> documents;
    documents.reserve(files.size());
    for (const std::filesystem::path& file : files)
        documents.push_back(XmlDocument::load(file, options.limits));
    return read_documents(documents, options);
}

RiskModelReading parse_open_psa(std::string text, std::string name, const OpenPsaOptions& options) {
    std::vector<NamedText> files;
    files.push_back({std::move(name), std::move(text)});
    return parse_open_psa(std::move(files), options);
}

RiskModelReading parse_open_psa(std::vector<NamedText> files, const OpenPsaOptions& options) {
    expect_files(files.size());
    std::vector<XmlDocument> documents;
    documents.reserve(files.size());
    for (NamedText& file : files)
        documents.push_back(XmlDocument::parse(std::move(file.text), std::move(file.name), options.limits));
    return read_documents(documents, options);
}

}  // namespace venturi
