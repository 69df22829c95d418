# Names for the tasks; every one is a plain command that also works by hand.
.PHONY: verify quick format demo

verify: ## everything a reviewer would run
	mvn verify

quick: ## jars without any check
	mvn -q -Dquick package

format: ## repair the layout of Java files and POMs
	mvn -q -N -Dformat=apply spotless:apply process-sources
	mvn -q spotless:apply

demo: ## the main job, end to end, in a terminal
	./tidemark demo
