// Package nodes describes nodes in the words of EC2 and Kubernetes: capacity, architecture, labels and taints.
package nodes

import "strings"

// Capacity is how EC2 sells the instances.
type Capacity string

// The choices of Capacity.
const (
	// OnDemand instances run until they are stopped.
	OnDemand Capacity = "onDemand"
	// Spot instances cost about a third, and EC2 reclaims them with two minutes' notice.
	Spot Capacity = "spot"
)

// Capacities returns every choice.
func Capacities() []Capacity { return []Capacity{OnDemand, Spot} }

// Meant returns the choice for a word that EKS or EC2 also use, such as SPOT.
func (c Capacity) Meant() Capacity {
	if strings.EqualFold(string(c), string(Spot)) {
		return Spot
	}

	return OnDemand
}

// Taint is one of a node's taints.
type Taint struct {
	// Key names the taint, such as "dedicated".
	Key string `mapstructure:"key"`
	// Value distinguishes taints with the same key, such as "batch". Default: none.
	Value string `mapstructure:"value"`
	// Effect is what happens to pods that do not tolerate it.
	Effect Effect `mapstructure:"effect"`
}

// KeepsOff reports whether pods that do not tolerate the taint never run on its nodes.
func (t Taint) KeepsOff() bool { return t.Effect != PreferNoSchedule }

// Effect is what happens to pods that do not tolerate a taint, in Kubernetes's words.
type Effect string

// The choices of Effect.
const (
	// NoSchedule prevents them from starting on the node.
	NoSchedule Effect = "NoSchedule"
	// PreferNoSchedule allows them to start on the node if no other node has room.
	PreferNoSchedule Effect = "PreferNoSchedule"
	// NoExecute also evicts running pods.
	NoExecute Effect = "NoExecute"
)

// Effects returns every choice.
func Effects() []Effect { return []Effect{NoSchedule, PreferNoSchedule, NoExecute} }
