package main

import "fmt"

// measurement is the content of measured.json.
type measurement struct {
	Day     string   `json:"day"`
	Machine string   `json:"machine"`
	Sizes   []figure `json:"sizes"`
}

// figure has the figures of a number of services.
type figure struct {
	Services  int `json:"services"`
	Nodes     int `json:"nodes"`
	Resources int `json:"resources"`
	StateKiB  int `json:"stateKiB"`
	// PageKiB is the size of report.html.
	PageKiB int `json:"pageKiB"`
	// Preview and Up are of the whole rehearsal, and Program is of the program in the preview.
	Up      usage `json:"up"`
	Preview usage `json:"preview"`
	Program usage `json:"program"`
	// Seconds are the modelled time of the up, and MonthlyUSD is the modelled cost.
	Seconds    float64 `json:"modelledSeconds"`
	MonthlyUSD float64 `json:"monthlyUSD"`
}

// usage is what a process and its children used: CPU time, and the memory of the largest process.
type usage struct {
	CPU float64 `json:"cpuSeconds"`
	MiB int     `json:"mib"`
}

// perResource returns the CPU time of a preview for each resource, in milliseconds.
func (f figure) perResource() float64 { return f.Preview.CPU * 1000 / float64(f.Resources) }

// The rules of issue 23.
const (
	mostResources = 5
	mostGrowth    = 1.2
)

// check fails if the platform does not scale.
func (m measurement) check() error {
	first, last := m.Sizes[0], m.Sizes[len(m.Sizes)-1]

	added, services := last.Resources-first.Resources, last.Services-first.Services
	if added > mostResources*services {
		return fmt.Errorf("%d more services have %d more resources, expected at most %d for each: compare the golden "+
			"graphs of the last commits", services, added, mostResources)
	}

	if growth := last.perResource() / first.perResource(); growth > mostGrowth {
		return fmt.Errorf("a preview of %d services takes %.2f times as long for each resource as one of %d, expected at "+
			"most %.1f: profile the program and the rehearsal with many services", last.Services, growth, first.Services,
			mostGrowth)
	}

	return nil
}
