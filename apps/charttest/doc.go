// Package charttest tests the charts of all services: that they are strict, that Kubernetes accepts what they render,
// and that the result agrees with the services' code and fits on the nodes. A new chart needs no change here;
// go test . -update writes the goldens.
package charttest
