package kubernetes

import (
	"fmt"
	"os"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/internet"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

// forgetVariable is the environment variable that makes the provider take unreachable objects for gone.
const forgetVariable = "PULUMI_K8S_DELETE_UNREACHABLE"

// Reach looks for an EKS cluster of the settings in the account; a failed one does not answer, nor does a live control
// plane that has stopped. Other clusters are unknown to the simulation, and taken for reachable.
func (i *instance) Reach(acct *account.Account, operation faults.Operation, kind behaviour.Kind) error {
	host := strings.TrimPrefix(i.configuration.server, "https://")
	held, exists := internet.Cluster(acct, host)
	answers := exists && held.Text("status") != "FAILED" && (i.live == nil || i.live.Answers())

	if answers || !isEKS(host) {
		return nil
	}

	reason := fmt.Sprintf("unable to load schema information from the API server: "+
		"Get %q: dial tcp: lookup %s: no such host", i.configuration.server+"/openapi/v2?timeout=32s", host)

	switch operation {
	case faults.Create, faults.Update:
		return fmt.Errorf("configured Kubernetes cluster is unreachable: %s", reason)
	case faults.Delete:
		if kind.Type == typeRelease {
			return fmt.Errorf("can't delete Helm Release with unreachable cluster. Reason: %q", reason)
		}
	}

	if os.Getenv(forgetVariable) == "true" {
		return provider.ErrGone
	}

	return fmt.Errorf("configured Kubernetes cluster is unreachable: %s. If the cluster was deleted, you can remove this "+
		"resource from Pulumi state by rerunning the operation with the %s environment variable set to \"true\"",
		reason, forgetVariable)
}
