/** Two words, as MAAS names its machines: easier to say across a noisy room than six characters. */

const FIRST =
	`able amber apt azure bold brave brisk bright calm civil clean clear close cool crisp deft eager early easy even exact
fair fast fine firm fit fleet fond free fresh full glad gold good grand green hale handy happy hardy keen kind large late lean light
live lucid main major merry mild neat new nimble noble open opal pale plain plum prime proud pure quick quiet rapid rare ready rich
round royal ruby safe sharp shy silver sleek smart smooth snug solid sound spare spry stable steady still stout strong sure sweet
swift tall teal tidy true trusty vast vital vivid warm whole wide wise witty young`.split(/\s+/);

const SECOND =
	`acorn adder alder antler aspen badger basil bay beaver beech birch bison bittern boar brook cedar cherry clover coral
crane cricket crow curlew dale deer dove eagle egret elk elm ermine falcon fern ferret finch fir fox gannet goose grouse gull hare
hawk hazel heron hornet ibex ibis iris ivy jackdaw jay kestrel kite koala lark laurel lemur lichen linden lion lizard llama lotus
lynx magpie maple marten martin merlin mole moose moth myrtle newt nutmeg oak olive orchid oriole osprey otter owl panda perch
pine plover poplar puffin quail rabbit raven reed robin rook rowan sage salmon seal sedge shrike shrew skylark sloth snipe sorrel
sparrow spruce stag starling stoat stork swallow swan swift tern thistle thrush toad trout tulip viper vole walnut weasel willow
wolf wombat wren yak yew zebra`.split(/\s+/);

/** `chance` gives numbers in 0 … 1. */
export function makeHostname(chance: () => number): string {
	const pick = (words: readonly string[]) => words[Math.floor(chance() * words.length)] as string;
	return `${pick(FIRST)}-${pick(SECOND)}`;
}
