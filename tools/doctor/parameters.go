package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/msur/platform/internal/config"
)

// parameters finds the parameters of MySQL that RDS does not have. A preview cannot: no function of AWS's provider
// returns them. It asks only about parameters that the platform does not know.
func (d *doctor) parameters(ctx context.Context) []finding {
	const subject = "platform:database.parameters"

	database := d.settings.Database

	unknown := database.UnknownParameters()
	if len(unknown) == 0 {
		return nil
	}

	var answer struct {
		EngineDefaults struct {
			Parameters []struct{ ParameterName string }
		}
	}

	family := database.Family()

	err := d.aws(ctx, &answer, "rds", "describe-engine-default-parameters", "--db-parameter-group-family", family)
	if err != nil {
		return failed(subject, err)
	}

	var offered []string
	for _, parameter := range answer.EngineDefaults.Parameters {
		offered = append(offered, parameter.ParameterName)
	}

	var found []finding

	for _, name := range unknown {
		if slices.Contains(offered, name) {
			continue
		}

		path, text := config.Member(subject, name), "RDS does not have this parameter in "+family
		fix := config.RemoveCommand(d.stack, path)

		if meant := config.Nearest(name, offered); meant != "" {
			text += fmt.Sprintf(" (did you mean %s?)", meant)
			fix = config.SetStringCommand(d.stack, config.Member(subject, meant), database.Parameters[name]) + " && " + fix
		}

		found = append(found, finding{status: missing, subject: path, text: text, fix: fix})
	}

	if len(found) == 0 {
		return []finding{{status: ready, subject: subject, text: "RDS has every parameter in " + family}}
	}

	return found
}
