package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	// deployRole is who deploys: a role that somebody assumed.
	deployRole   = "platform-deploy"
	deployRoleID = "AROAREHEARSALROLE0000"
	session      = "rehearsal"
)

// callerIdentity is the deploying role's session.
func callerIdentity() map[string]any {
	return map[string]any{
		"id": accountID, "accountId": accountID,
		"arn":    "arn:aws:sts::" + accountID + ":assumed-role/" + deployRole + "/" + session,
		"userId": deployRoleID + ":" + session,
	}
}

// callerARN is the deploying role, whatever its session is called.
func callerARN() string {
	return "arn:aws:iam::" + accountID + ":role/" + deployRole
}

// sessionContext finds the role behind a session. What is none is its own issuer.
func sessionContext(arguments map[string]any) map[string]any {
	result := property.Clone(arguments)
	arn, _ := arguments["arn"].(string)

	result["id"], result["issuerArn"] = arn, arn
	result["issuerId"], result["issuerName"], result["sessionName"] = "", "", ""

	account, role, assumed := strings.Cut(strings.TrimPrefix(arn, "arn:aws:sts::"), ":assumed-role/")
	if !assumed {
		return result
	}

	name, session, _ := strings.Cut(role, "/")
	result["issuerArn"] = "arn:aws:iam::" + account + ":role/" + name
	result["issuerName"], result["sessionName"] = name, session

	if result["issuerArn"] == callerARN() {
		result["issuerId"] = deployRoleID
	}

	return result
}
