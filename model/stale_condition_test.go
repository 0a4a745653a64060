package model

import (
	"testing"
	"time"
)

func TestConditionIsOver(t *testing.T) {
	for expression, want := range map[string]bool{
		expiredCondition: true,
		futureCondition:  false,
		expiredCondition + ` && resource.name == "x"`:                                                           true,
		expiredCondition + ` || ` + futureCondition:                                                             false,
		`!(request.time >= timestamp("2026-05-01T00:00:00Z"))`:                                                  true,
		`timestamp("2026-05-01T00:00:00Z") > request.time`:                                                      true,
		`request.time > timestamp("2027-01-01T00:00:00Z")`:                                                      false, // not begun
		`request.time >= timestamp("2026-01-01T00:00:00Z") && request.time < timestamp("2026-02-01T00:00:00Z")`: true,
		`request.time.getDayOfWeek("Asia/Tokyo") == 0`:                                                          false,
		`request.time < timestamp("2026-06-01T12:00:00Z")`:                                                      true, // this very moment
		`request.time <= timestamp("2026-06-01T12:00:00Z")`:                                                     false,
		`request.time == timestamp("2026-05-01T00:00:00Z")`:                                                     true,
		`request.time != timestamp("2026-05-01T00:00:00Z")`:                                                     false,
		`!(request.time != timestamp("2026-05-01T00:00:00Z"))`:                                                  true,
		`request.time < timestamp("no time")`:                                                                   false,
		`request.time < timestamp("2026-05-01T00:00:00Z") ? true : true`:                                        false,
		`resource.matchTag("a/b", "c")`:                                                                         false,
		`request.time < date("2026-06-01")`:                                                                     true,
		`request.time < date("2026-06-02")`:                                                                     false,
		`date("2026-05-01") > request.time`:                                                                     true,
		`!(request.time >= date("2026-05-01"))`:                                                                 true,
		`request.time > date("2026-05-01")`:                                                                     false,
		`request.time < date("2026-5-1")`:                                                                       false, // no date
		`request.time < date("2026-05-01") + duration("86400s")`:                                                true,
		`request.time < date("2026-05-31") + duration("172800s")`:                                               false,
		`request.time < timestamp("2026-06-02T00:00:00Z") - duration("86400s")`:                                 true,
		`request.time < timestamp("2026-05-31T00:00:00Z") - duration("a while")`:                                false,
		`request.time <`: false,
	} {
		t.Run(expression, func(t *testing.T) {
			if got := (&Condition{Expression: expression}).expired(staleTime); got != want {
				t.Errorf("%s: over is %v", expression, got)
			}
		})
	}
	if (*Condition)(nil).expired(staleTime) || (&Condition{Expression: expiredCondition}).expired(time.Time{}) {
		t.Error("no condition, or no time, is over")
	}
}
