module github.com/msur/platform/rehearsal

go 1.26

require (
	github.com/pulumi/pulumi/sdk/v3 v3.257.0
	github.com/stretchr/testify v1.11.1
)
