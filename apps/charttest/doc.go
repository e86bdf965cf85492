// Package charttest tests the charts of the services, all alike: that they are strict, that what they render is what
// Kubernetes takes, agrees with the services' code, and fits on the nodes. A new service's chart is tested as it is
// there; its goldens are made with -update.
package charttest
