# `make` alone prints what there is. Variables work on either side: STACK=staging make up, make up STACK=staging.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The stack to rehearse: sandbox or staging.
STACK  ?= sandbox
# What goes wrong in the rehearsal, such as "fail create aws:ec2/natGateway:NatGateway".
FAULTS ?=
# What to do to infra/bootstrap.
DO     ?= up
# The stack again, where a destroy is to give up its protection.
CONFIRM ?=
# A plan to look at: what `pulumi preview --json` prints.
FILE   ?=
# What a recording of the environments is called, or a release.
VERSION ?= $(shell date +%F)
# How long each fuzz target runs.
FUZZTIME ?= 30s
# Where images are pushed to, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/platform.
REGISTRY ?=
# The service that is promoted.
APP   ?=
# What a new service is called, and the store that it needs: mysql, redis or none.
NAME  ?=
NEEDS ?=
# Another Pulumi CLI to use, in place of the one built here.
PULUMI ?=
export STACK FAULTS CONFIRM FILE PULUMI

BIN      := .rehearsal/bin
# Every module but those that only pin a tool. Kubernetes is compiled only for make e2e, which tests tools/cluster.
MODULES  := $(filter-out tools/pins/%,$(patsubst %/,%,$(dir $(wildcard go.mod $(patsubst %,%/go.mod,* */* */*/*)))))
SERVICES := $(filter apps/chassis% apps/%/service,$(MODULES))
TESTED   := $(filter-out e2e tools/cluster,$(MODULES))

# Another compiler would make other images of the same sources.
IMAGES_GO := $(shell awk '$$1 == "toolchain" { print $$2 }' tools/images/go.mod)

# The version stands in one place: the module that the CLI is built from.
PULUMI_VERSION := $(shell awk '$$1 == "github.com/pulumi/pulumi/pkg/v3" { print $$2 }' tools/pins/pulumi/go.mod)
PULUMI_STAMP   := -s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$(PULUMI_VERSION)

KUBERNETES_VERSION := $(shell awk '$$1 == "k8s.io/kubernetes" { print $$2 }' tools/cluster/go.mod)
KUBERNETES_STAMP   := -s -w $(foreach part,gitVersion=$(KUBERNETES_VERSION) \
	gitMajor=$(word 1,$(subst ., ,$(KUBERNETES_VERSION:v%=%))) gitMinor=$(word 2,$(subst ., ,$(KUBERNETES_VERSION))),\
	-X k8s.io/component-base/version.$(part))

##@ The rehearsal: the real engine, a simulated account, no credentials

.PHONY: up preview refresh destroy shell check round
up: rehearsal ## Bring STACK up
preview: rehearsal ## Tell what `up` would change
refresh: rehearsal ## Take into the state what the account holds
destroy: rehearsal ## Delete all that STACK holds; CONFIRM=<stack> gives up its protection
shell: rehearsal ## Open a shell in which `pulumi` itself works against the rehearsal
up preview refresh destroy shell:
	@$(BIN)/rehearsal $@

check: | $(BIN)/checked ## Fail where a plan would lose data: FILE holds what `pulumi preview --json` prints
	@FILE='$(abspath $(FILE))' go -C rehearsal run ./plan/check

round: ## Bring STACK up, fail where another preview would change anything, and delete all of it
	@$(MAKE) --no-print-directory up
	@echo 'pulumi preview --expect-no-changes' | $(MAKE) --no-print-directory shell
	@$(MAKE) --no-print-directory destroy CONFIRM='$(STACK)'

.PHONY: bootstrap
bootstrap: rehearsal ## Do to what an account needs first, infra/bootstrap, what DO says: up, preview, refresh, destroy
	@REHEARSAL_PROJECT=infra/bootstrap REHEARSAL_FOLDER=.rehearsal/bootstrap REHEARSAL_MAKE='make bootstrap DO=' \
		STACK=account $(BIN)/rehearsal '$(DO)'

##@ The services, on this machine alone

.PHONY: dev images digests delivered service
dev: | $(BIN)/checked ## Run every service behind http://127.0.0.1:9080, with stores in memory; PORT is another port
	@tools/build.sh "what runs the services" apps/dev -o "$(CURDIR)/$(BIN)/dev" .
	@exec $(BIN)/dev apps .rehearsal/dev

images: | $(BIN)/checked ## Build the services' images and print their digests; REGISTRY=host/path pushes them
	@GOTOOLCHAIN=$(IMAGES_GO) tools/build.sh "what builds the images" tools/images -o "$(CURDIR)/$(BIN)/images" .
	@$(BIN)/images -registry '$(REGISTRY)'

digests: ## Build the services' images, push them if REGISTRY is set, and write their digests where STACK reads them: commit that
	@lines=$$($(MAKE) --no-print-directory images) && printf '%s\n' "$$lines" | tools/digests.sh '$(STACK)'

delivered: ## Fail where the sandbox deploys other images than those of the committed sources
	@tools/delivered.sh

service: | $(BIN)/checked ## Make a service: NAME=baggage NEEDS=mysql, redis or none
	@go run ./tools/service -name '$(NAME)' -needs '$(NEEDS)'
	@$(MAKE) --no-print-directory golden
	@go run ./tools/docs && cd rehearsal && go generate ./scorecard
	@cd apps/charttest && go test -count=1 -v -run 'TestAllPodsFitOnTheFewestNodes|TestEveryRollout' . || printf '%s\n' \
		'The fewest nodes have no room for $(NAME) in the midst of a release, and make test fails until they have: in that' \
		'environment'\''s Pulumi.<stack>.yaml, raise min and max below platform:cluster.nodes.general, or take larger' \
		'instanceTypes; see "A new service" in docs/operations.md.' >&2

##@ Releases: the sandbox runs what main says, staging what a release says

.PHONY: promote release
promote: ## Have staging deploy the image of APP that the sandbox deploys, by a commit
	@tools/promote.sh '$(APP)'

release: ## Tag what staging is to deploy as VERSION, such as v1.2.3, with notes
	@tools/release.sh '$(VERSION)'

##@ Checks

.PHONY: test scenarios builds e2e fuzz lint addons golden record generate bench ci
test: $(BIN)/gotestsum ## Test everything that needs no engine and compiles nothing else: minutes
	@tools/test.sh $(TESTED)

scenarios: rehearsal $(BIN)/gotestsum ## Test the program on the real engine: updates, failures, kills, upgrades
	@PACKAGES=./scenarios TESTFLAGS='-timeout 30m' tools/test.sh rehearsal

builds: rehearsal $(BIN)/gotestsum ## Test the images of both platforms, a new service of each kind, and AWS's API models
	@TESTFLAGS= tools/test.sh tools/images
	@PACKAGES='./tools/aws ./tools/service' TESTFLAGS='-timeout 30m' tools/test.sh .

# Whatever it runs is built and downloaded before, for there is no network while it runs. The cluster is tested here and
# not by make test: nobody else needs Kubernetes to be compiled.
e2e: rehearsal cluster $(BIN)/gotestsum ## Deploy both environments to a real API server by a real Argo CD, and try what can go wrong
	@TESTFLAGS='-p 1' tools/test.sh tools/cluster
	@go -C apps/reservations/service mod download
	@go build -o $(BIN)/e2e.program ./infra
	@go -C e2e test -c -o "$(CURDIR)/$(BIN)/e2e.test" .
	@cd e2e && ../tools/isolated.sh ../$(BIN)/e2e.test -test.v -test.parallel 3 -test.timeout 15m

fuzz: ## Feed random data to whatever the services read, for FUZZTIME each
	@for module in $(SERVICES); do tools/fuzz.sh $$module $(FUZZTIME) || exit 1; done

lint: $(BIN)/golangci-lint ## Run every linter over every module
	@for module in $(MODULES); do \
		echo "linting $$module" && \
		(cd $$module && "$(CURDIR)/$(BIN)/golangci-lint" run --config "$(CURDIR)/.golangci.yml" ./...) || exit 1; \
	done
	@for module in $(MODULES) $(wildcard tools/pins/*/go.mod); do \
		(cd $${module%/go.mod} && go mod tidy -diff) || exit 1; \
	done

addons: ## Pin the add-on versions that EKS installs by default today, in components/cluster/versions/addons.yaml
	@tools/addons.sh

golden: ## Accept environments' graphs and what charts are told and render as they now are, to be read before a commit
	go test ./stacks -run 'TestTheGraphOf|TestWhatEachChartIsTold' -update
	go test ./infra/bootstrap/account -run TestTheGraphOf -update
	cd apps/charttest && go test . -run TestWhatIsDeployed -update

record: rehearsal ## Record both environments, up in the rehearsal, as VERSION, and the charts: later versions must upgrade them
	cd rehearsal && go test -count=1 ./scenarios -run TestRecordBothEnvironments -record '$(VERSION)'
	tools/record.sh

generate: ## Write again what is generated: from the SDKs, the OpenAPI texts, the components and the goldens
	cd rehearsal && go generate ./...
	for module in $(SERVICES) apps/charttest; do (cd $$module && go generate ./...) || exit 1; done
	go run ./tools/docs
	go run ./infra/bootstrap/quotas
	go run ./tools/aws

bench: rehearsal ## Measure builds and runs, each figure with the command that made it
	@$(BIN)/rehearsal bench
	@for module in $(wildcard apps/*/service); do (cd $$module && go test -run '^$$' -bench . ./contract) || exit 1; done

ci: export CI := true
ci: lint delivered test scenarios builds e2e fuzz ## All that a pull request must pass
	@before=$$(git status --porcelain); for stack in sandbox staging; do \
		$(MAKE) --no-print-directory round STACK=$$stack || exit 1; \
	done; \
	if [ "$$(git status --porcelain)" != "$$before" ]; then \
		echo "a target has changed the checkout:" >&2; git status --short >&2; exit 1; \
	fi

##@ Tools, built once from the modules that tools/*/go.sum pin

.PHONY: rehearsal prerequisites clean
rehearsal: $(if $(PULUMI),,$(BIN)/pulumi) $(BIN)/sdk $(BIN)/components/installed ## Build what a rehearsal needs
	@tools/build.sh "the rehearsal" rehearsal -o "$(CURDIR)/$(BIN)/" . ./pulumi-language-go

prerequisites: ## Check that Go, Node.js, npm and git are there
	@tools/prerequisites.sh

# Nobody loses Node.js between two runs: they are checked once.
$(BIN)/checked: tools/prerequisites.sh
	@tools/prerequisites.sh
	@mkdir -p $(BIN) && touch $@

$(BIN)/pulumi: tools/pins/pulumi/go.mod tools/pins/pulumi/go.sum | $(BIN)/checked
	@tools/build.sh "the Pulumi CLI $(PULUMI_VERSION)" tools/pins/pulumi -ldflags '$(PULUMI_STAMP)' \
		-o "$(CURDIR)/$@" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi

# What the program is built with takes minutes to compile, the program itself a second.
$(BIN)/sdk: go.mod go.sum | $(BIN)/checked
	@tools/build.sh "the AWS SDK" . ./stacks
	@touch $@

# Components written in TypeScript, which the engine runs with node. No package runs a script as it is installed.
$(BIN)/components/installed: tools/pins/plugins/package.json tools/pins/plugins/package-lock.json | $(BIN)/checked
	@echo "Installing the component plugins from npm: 200 MB, half a minute"
	@mkdir -p $(@D) && cp $^ $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# A real control plane, with kubectl, and a real Argo CD, with what it deploys charts by.
.PHONY: cluster
cluster: $(BIN)/argocd
	@tools/build.sh "Kubernetes $(KUBERNETES_VERSION)" tools/cluster -ldflags '$(KUBERNETES_STAMP)' \
		-o "$(CURDIR)/$(BIN)/" . k8s.io/kubernetes/cmd/kubectl

$(BIN)/argocd: tools/pins/argocd/go.mod tools/pins/argocd/go.sum | $(BIN)/checked
	@tools/build.sh "Helm" tools/pins/argocd -ldflags '-s -w' -o "$(CURDIR)/$(BIN)/helm" helm.sh/helm/v3/cmd/helm
	@go -C tools/pins/argocd mod download github.com/argoproj/argo-cd/v3
	@mkdir -p $(BIN)/argo-cd && manifests=$$(go -C tools/pins/argocd list -m -f '{{.Dir}}' github.com/argoproj/argo-cd/v3)/manifests && \
		cp "$$manifests/install.yaml" $(BIN)/argo-cd/install.yaml && cp "$$manifests/ha/install.yaml" $(BIN)/argo-cd/ha-install.yaml && \
		chmod u+w $(BIN)/argo-cd/*
	@tools/build.sh "Argo CD" tools/pins/argocd -ldflags '-s -w' -o "$(CURDIR)/$@" github.com/argoproj/argo-cd/v3/cmd

$(BIN)/golangci-lint: tools/pins/lint/go.mod tools/pins/lint/go.sum | $(BIN)/checked
	@tools/build.sh "golangci-lint" tools/pins/lint -ldflags '-s -w' \
		-o "$(CURDIR)/$@" github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(BIN)/gotestsum: tools/pins/test/go.mod tools/pins/test/go.sum | $(BIN)/checked
	@tools/build.sh "gotestsum" tools/pins/test -ldflags '-s -w' -o "$(CURDIR)/$@" gotest.tools/gotestsum

clean: ## Forget the rehearsal: its account, its states, its tools, its reports
	rm -rf .rehearsal out

.PHONY: help
help: ## Print this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nVariables: STACK (%s), FAULTS, CONFIRM, FILE, VERSION, FUZZTIME, PORT, REGISTRY, APP, NAME, NEEDS, DO, PULUMI.\n' "$(STACK)"
