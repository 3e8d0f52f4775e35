// Documents in the exchange format that tests of its reader share.
#pragma once

#include "agents/risk/risk_model.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "tests/agents/truth_table.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace venturi::open_psa_models {

inline RiskModelReading read(const std::string& text, const OpenPsaOptions& options = {}) {
    return parse_open_psa(text, "plant.xml", options);
}

// A model of one fault tree.
inline std::string tree_of(const std::string& definitions) {
    return "<opsa-mef>\n<define-fault-tree name=\"T\">\n" + definitions
           + "\n</define-fault-tree>\n</opsa-mef>\n";
}

inline std::string event(const std::string& name, double probability) {
    return "<define-basic-event name=\"" + name + "\"><float value=\"" + std::to_string(probability)
           + "\"/></define-basic-event>\n";
}

inline double top_probability(const RiskModel& model, const std::string& gate, double mission_time = 8760) {
    const std::optional<std::uint32_t> index = find_gate(model, gate);
    if (!index) throw std::runtime_error("no gate " + gate);
    return truth_table::probability(fault_tree_of(model, *index, mission_time));
}

inline std::vector<Problem> problems_of(const std::string& text, const OpenPsaOptions& options = {}) {
    try {
        static_cast<void>(read(text, options));
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    return {};
}

// The first problem, as "line:column message".
inline std::string problem_of(const std::string& text, const OpenPsaOptions& options = {}) {
    const std::vector<Problem> problems = problems_of(text, options);
    if (problems.empty()) return "none";
    const Problem& first = problems.front();
    return std::to_string(first.position.line) + ":" + std::to_string(first.position.column) + " "
           + first.message;
}

// Everything the format has, in one document.
inline const std::string& whole_model() {
    static const std::string text = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE opsa-mef>
<opsa-mef name="plant" xmlns:note="urn:note">
  <!-- nothing in here counts: <define-gate/> -->
  <label>A plant &amp; its "events" &lt;é&gt;</label>
  <define-initiating-event name="leak" event-tree="after-leak"/>
  <define-rule name="weigh">
    <collect-expression><parameter name="share"/></collect-expression>
  </define-rule>
  <define-event-tree name="after-leak">
    <define-functional-event name="detection"/>
    <define-functional-event name="shutdown"/>
    <define-sequence name="safe"/>
    <define-sequence name="loss"><rule name="weigh"/></define-sequence>
    <define-branch name="stop">
      <fork functional-event="shutdown">
        <path state="works"><collect-formula><not><gate name="pumps.stuck"/></not></collect-formula>
          <sequence name="safe"/></path>
        <path state="fails"><collect-formula><gate name="pumps.stuck"/></collect-formula>
          <sequence name="loss"/></path>
      </fork>
    </define-branch>
    <initial-state>
      <set-house-event name="alarm"><constant value="true"/></set-house-event>
      <if><test-initiating-event name="leak"/>
        <block><collect-formula><event name="alarm" type="house-event"/></collect-formula></block></if>
      <fork functional-event="detection">
        <path state="works"><branch name="stop"/></path>
        <path state="fails"><collect-expression><float value="0.01"/></collect-expression>
          <sequence name="loss"/></path>
      </fork>
    </initial-state>
  </define-event-tree>
  <define-fault-tree name="pumps">
    <attributes><attribute name="zone" value="room33" type="text"/></attributes>
    <define-gate name="top" note:flavor="inhibit">
      <label>everything</label>
      <or>
        <gate name="stuck"/>
        <and><event name="p1"/><event name="p2"/></and>
        <atleast min="2"><event name="v1"/><event name="v2"/><not><event name="valve.v3"/></not></atleast>
        <cardinality min="1" max="1"><event name="v1"/><event name="v2"/></cardinality>
        <iff><event name="v1"/><house-event name="alarm"/></iff>
        <imply><constant value="true"/><event name="v2"/></imply>
      </or>
    </define-gate>
    <define-gate name="stuck" role="private"><xor><basic-event name="v1"/><basic-event name="valve.v3"/></xor></define-gate>
    <define-component name="valve" role="private">
      <define-basic-event name="v3"><exponential><parameter name="rate"/><system-mission-time unit="hours"/></exponential></define-basic-event>
      <define-parameter name="rate" unit="hours-1"><lognormal-deviate><float value="1e-5"/><float value="3"/><float value="0.95"/></lognormal-deviate></define-parameter>
    </define-component>
    <define-CCF-group name="both" model="MGL">
      <members><basic-event name="p1"/><basic-event name="p2"/></members>
      <distribution><parameter name="share"/></distribution>
      <factors><factor level="2"><float value="0.1"/></factor></factors>
    </define-CCF-group>
  </define-fault-tree>
  <model-data>
    <define-house-event name="alarm"/>
    <define-parameter name="share"><switch><case><gt><system-mission-time/><int value="10"/></gt><float value="0.02"/></case><float value="0.01"/></switch></define-parameter>
    <define-basic-event name="v1"><histogram><float value="0"/><bin><float value="1"/><float value="0.1"/></bin><bin><float value="2"/><float value="0.3"/></bin></histogram></define-basic-event>
    <define-basic-event name="v2"><ite><bool value="false"/><float value="0.5"/><div><pi/><mul><float value="10"/><pi/></mul></div></ite></define-basic-event>
  </model-data>
</opsa-mef>
)";
    return text;
}

}  // namespace venturi::open_psa_models
