#include "agents/finance/cash_account.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace venturi;

namespace {
constexpr double never = std::numeric_limits<double>::infinity();
}

TEST_CASE("Cash moves in a straight line between events") {
    CashAccount cash(1000, 2);
    CHECK(cash.balance(2) == 1000);
    CHECK(cash.balance(9) == 1000);
    cash.set_flow(3, -100);
    CHECK(cash.balance(3) == 1000);
    CHECK(cash.balance(5) == 800);
    cash.deposit(5, 500);
    CHECK(cash.balance(5) == 1300);
    cash.deposit(6, -200);
    CHECK(cash.balance(6) == 1000);
    cash.set_flow(7, 50);
    CHECK(cash.balance(9) == 1000);
    CHECK(cash.flow() == 50);
}

TEST_CASE("Cash that burns is gone at the instant the line says") {
    CashAccount cash(1000, 0);
    cash.set_flow(0, -100);
    CHECK(cash.runs_out_at() == 10);
    CHECK(cash.falls_to(400) == 6);
    CHECK(cash.runway(4) == 6);
    cash.deposit(4, 300);
    CHECK(cash.runs_out_at() == 13);
    cash.set_flow(5, -200);
    CHECK(cash.runs_out_at() == 9);
    CHECK(cash.balance(cash.runs_out_at()) == 0);
}

TEST_CASE("Cash that does not burn never runs out") {
    CashAccount cash(1000, 0);
    CHECK(cash.runs_out_at() == never);
    CHECK(cash.runway(5) == never);
    cash.set_flow(1, 10);
    CHECK(cash.runs_out_at() == never);
    CHECK(cash.falls_to(999) == never);
    CHECK(cash.runway(5) == never);
}

TEST_CASE("Cash that has fallen so far already did so at its last change") {
    CashAccount cash(1000, 0);
    cash.set_flow(3, -100);
    CHECK(cash.falls_to(1000) == 3);
    CHECK(cash.falls_to(2000) == 3);
    cash.deposit(4, -900);
    CHECK(cash.runs_out_at() == 4);
    cash.deposit(5, 400);
    CHECK(cash.runs_out_at() == 8);
}
