package e2e_test

import (
	"strings"
	"testing"
)

// services are those that the environments deploy.
func services() []string { return []string{"flights", "reservations"} }

// up brings the environment up, and waits until Argo CD has deployed what the working tree says.
func (e *environment) up() {
	e.t.Helper()
	e.must("up")
	e.healthy(services()...)
}

func TestTheSandboxDeploysItself(t *testing.T) {
	t.Parallel()

	e := start(t, "sandbox")
	e.up()
	e.standIns()

	e.play("with what the program tells it", deploysWhatItIsTold)
	e.play("nothing is left to do", nothingIsLeftToDo)
	e.play("kubectl gets in", kubectlGetsIn)
	e.play("what must not be is refused", refusals)
	e.play("what somebody changes by hand is taken back", handiwork)
	e.play("a release rolls out", releaseRollsOut)
	e.play("a broken chart harms nobody", brokenChart)
	e.play("a migration comes first", migrationFirst)
	e.play("an outage outlives every retry", outlivedOutage)
	e.play("settings change while a sync is retried", changedSettings)
	e.play("destroyed in the midst of a sync", destroyedInTheMidst)
}

func TestTheSandboxBearsALot(t *testing.T) {
	t.Parallel()

	e := start(t, "sandbox")
	e.chartsOf("testdata/released")
	e.commit("the last release")
	e.up()

	e.play("upgraded from the last release", upgradedFromTheLastRelease)
	e.play("a node is drained", drainedNode)
	e.play("a zone is lost", lostZone)
	e.play("the API server dies in the midst of a sync", killedServer)
	e.play("a third service comes and goes", thirdService)
	e.play("destroyed without a cluster", destroyedWithoutCluster)
}

func TestStagingDeploysItself(t *testing.T) {
	t.Parallel()

	e := start(t, "staging")
	e.up()

	e.play("with what the program tells it", deploysWhatItIsTold)
	e.play("Argo CD is upgraded", upgradedArgoCD)
	e.play("a release rolls out", releaseRollsOut)
	e.play("a broken chart harms nobody", brokenChart)
	e.play("a node is drained", drainedNode)
	e.play("a zone is lost", lostZone)
}

// play runs a scenario on the environment as the one before has left it. Where that failed, nobody knows how it is.
func (e *environment) play(title string, scenario func(e *environment)) {
	e.t.Helper()

	played := e.owner.Run(title, func(t *testing.T) {
		e.t = t
		defer func() { e.t = e.owner }()

		scenario(e)
	})
	if !played {
		e.owner.FailNow()
	}
}

// standIns tells what is not the real thing.
func (e *environment) standIns() {
	e.t.Helper()

	for line := range strings.SplitSeq(e.plane.text(), "\n") {
		if strings.HasPrefix(line, "stands in") {
			e.t.Log(line)
		}
	}
}
